"""Which kind reads a saved file: told by content, the particular ones first."""

from news.sources import KINDS
from news.sources.base import Listing, SourceError, Trouble, read

_MARKS = {
    "feed": ("<rss", "<feed", "<rdf:RDF", "jsonfeed.org"),
    "wechat_album": ("getalbum_resp", "articleList", "js_album_item"),
    "wechat_list": ("msgList", "general_msg_list", "app_msg_list", "publish_page", "sogou_vr_", "data-sourcename"),
    "baidu_news": ("<!--s-data:", "资讯搜索"),
    "baidu_author": ("author.baidu.com", "mbd.baidu.com/webpage"),
}


def detect(body: bytes, url: str = "") -> tuple[str, Listing]:
    """The kind and what it finds. A file with the marks of no kind is a list of links. Raises SourceError."""
    text = body.decode("utf-8", "replace")
    told: SourceError | None = None
    for kind in [*(kind for kind, marks in _MARKS.items() if any(mark in text for mark in marks)), "links"]:
        try:
            return kind, read(KINDS[kind], body, url=url, options={})
        except SourceError as error:
            told = told or error
    raise told or SourceError(Trouble.NO_LIST)
