"""Where links come from: a file a kind beside this, and a line a kind below."""

from news.sources.baidu_author import BaiduAuthor
from news.sources.baidu_news import BaiduNews
from news.sources.base import Kind
from news.sources.boxes import Inbox, Tips
from news.sources.feed import Feed
from news.sources.links import Links
from news.sources.page import Page
from news.sources.wechat_album import WechatAlbum
from news.sources.wechat_list import WechatList

# kind → what reads it. People drop links into the first two.
KINDS: dict[str, Kind] = {
    "inbox": Inbox(),
    "tips": Tips(),
    "feed": Feed(),
    "wechat_album": WechatAlbum(),
    "baidu_author": BaiduAuthor(),
    "baidu_news": BaiduNews(),
    "page": Page(),
    "links": Links(),
    "wechat_list": WechatList(),
}
