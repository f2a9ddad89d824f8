"""Listings other than feeds, in their sites' own markup and our own words."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from news.extract.base import BEIJING
from news.http import Reason
from news.sources import KINDS
from news.sources.baidu_news import when
from news.sources.base import Listing, SourceError, Trouble, read
from news.sources.detect import detect
from news.sources.form import check_address, check_options
from news.sources.reasons import WORDS

ALBUM = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA%3D&album_id=123"
SENT = 1_700_000_000
AT = datetime.fromtimestamp(SENT, BEIJING)


def listing(kind: str, text: str, url: str = "", **options: Any) -> Listing:
    return read(KINDS[kind], text.encode(), url=url, options=options)


def told(kind: str, text: str, **options: Any) -> str:
    with pytest.raises(SourceError) as caught:
        listing(kind, text, **options)
    return caught.value.reason


def test_every_reason_has_its_words() -> None:
    assert set(WORDS) == {*Reason, *Trouble}


def test_an_album_as_json_goes_on_where_it_ends() -> None:
    rows = [
        {"title": f"第{n}讲", "url": f"http://mp.weixin.qq.com/s?__biz=MzA=&amp;mid={n}", "create_time": str(SENT + n)}
        for n in (1, 2)
    ]
    rows[-1] |= {"msgid": "77", "itemidx": "1"}
    info = {"title": "端侧课堂", "nickname": "示例号"}
    answer = {"getalbum_resp": {"article_list": rows, "continue_flag": "1", "base_info": info}}
    found = listing("wechat_album", json.dumps(answer), KINDS["wechat_album"].request(ALBUM, {}))
    assert found.title == "端侧课堂"
    assert [(entry.title, entry.account, entry.url) for entry in found.entries] == [
        ("第2讲", "示例号", "http://mp.weixin.qq.com/s?__biz=MzA=&mid=2"),
        ("第1讲", "示例号", "http://mp.weixin.qq.com/s?__biz=MzA=&mid=1"),
    ]
    assert found.next_url.endswith("&count=20&f=json&begin_msgid=77&begin_itemidx=1")
    one = {"getalbum_resp": {"article_list": rows[0], "continue_flag": "0"}}
    assert [
        len(listing("wechat_album", json.dumps(one)).entries),
        listing("wechat_album", json.dumps(one)).next_url,
    ] == [1, ""]


def test_an_album_as_a_page_of_either_era() -> None:
    script = (
        "<script>window.cgiDataNew = {title: '端侧课堂', nick_name: JsDecode('示例号'), articleList: [{title: '第一讲',"
        f" url: 'http://mp.weixin.qq.com/s?__biz=MzA=\\x26amp;mid=1', create_time: '{SENT}' * 1,}}],}};</script>"
    )
    items = (
        '<meta property="og:title" content="端侧课堂"><li class="js_album_item" data-title="第一讲" '
        'data-link="http://mp.weixin.qq.com/s?__biz=MzA=&amp;mid=1">'
        f'<span class="js_article_create_time">{SENT}</span></li>'
    )
    for page in (script, items):
        found = listing("wechat_album", page)
        [entry] = found.entries
        assert (found.title, entry.title, entry.published) == ("端侧课堂", "第一讲", AT)
        assert entry.url == "http://mp.weixin.qq.com/s?__biz=MzA=&mid=1"
    assert told("wechat_album", "<html>没有列表</html>") == Trouble.NO_LIST
    assert told("wechat_album", '{"base_resp": {"ret": -3}}') == Trouble.NO_LIST
    assert told("wechat_album", '<div class="weui-msg__title">该合集已被发布者删除</div>') == Trouble.GONE


def test_a_baidu_author_by_script_and_by_callback() -> None:
    rows = [
        {"itemData": {"title": "甲", "url": "https://baijiahao.baidu.com/s?id=1789071982220184457", "ctime": SENT}},
        {"itemData": {"title": "乙", "article_id": "1789071982220184458", "created_at": "2023-11-15 06:13"}},
    ]
    data = {"user": {"display_name": "示例作者", "uk": "x1"}, "data": {"list": rows}}
    for text in (
        f"<script>window.runtime = {json.dumps(data)};</script>",
        f"cb1({json.dumps(data)})",
        json.dumps(data),
    ):
        found = listing("baidu_author", text)
        assert [(entry.title, entry.url, entry.account) for entry in found.entries] == [
            ("甲", "https://baijiahao.baidu.com/s?id=1789071982220184457", "示例作者"),
            ("乙", "https://baijiahao.baidu.com/s?id=1789071982220184458", "示例作者"),
        ]
    assert told("baidu_author", "<html>什么也没有的页面</html>") == Trouble.NO_LIST
    assert told("baidu_author", "<html><title>百度安全验证</title><body></body></html>") == Trouble.CHALLENGE


def test_baidu_news_by_its_data_and_by_its_markup() -> None:
    row = {
        "title": "新<em>芯片</em>发布",
        "titleUrl": "https://a.example/1",
        "dispTime": "2小时前",
        "sourceName": "示例网",
        "dataClick": f"{{'t':'{SENT}'}}",
    }
    title = "<title>百度资讯搜索_芯片</title>"
    data = f"{title}<!--s-data:{json.dumps(row, ensure_ascii=False)}--><!--s-data:{{broken-->"
    markup = (
        f"{title}<i data-click=\"{{'t':'{SENT}'}}\"></i><div mu='https://a.example/1'><h3><a href='https://a.example/1'>新"
        "<em>芯片</em>发布</a></h3><span aria-label='新闻来源：示例网'>示例网</span>"
        "<span aria-label='发布于：2小时前'>2小时前</span></div>"
    )
    for text in (data, markup):
        [entry] = listing("baidu_news", text).entries
        assert (entry.url, entry.title, entry.account) == ("https://a.example/1", "新芯片发布", "示例网")
        assert entry.published == datetime.fromtimestamp(SENT - 7200, BEIJING)
    assert listing("baidu_news", title).entries == []
    rows = (f'<!--s-data:{{"titleUrl":"https://a.example/{n}","title":"a"}}-->' for n in range(1_002))
    long = listing("baidu_news", title + "".join(rows))
    assert ([entry.url for entry in long.entries][-1], long.left_out) == ("https://a.example/999", 2)
    assert told("baidu_news", "<html>别的页面</html>") == Trouble.NO_LIST


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("30秒前", datetime(2025, 12, 4, 16, 24, 10, tzinfo=BEIJING)),
        ("5分钟前", datetime(2025, 12, 4, 16, 19, 40, tzinfo=BEIJING)),
        ("3天前", datetime(2025, 12, 1, 16, 24, 40, tzinfo=BEIJING)),
        ("刚刚", datetime(2025, 12, 4, 16, 24, 40, tzinfo=BEIJING)),
        ("昨天 10:20", datetime(2025, 12, 3, 10, 20, tzinfo=BEIJING)),
        ("前天", datetime(2025, 12, 2, tzinfo=BEIJING)),
        ("12月1日", datetime(2025, 12, 1, tzinfo=BEIJING)),
        ("2024年1月30日", datetime(2024, 1, 30, tzinfo=BEIJING)),
        ("昨天 99:99", datetime(2025, 12, 3, tzinfo=BEIJING)),
        ("", None),
    ],
)
def test_relative_times(said: str, moment: datetime | None) -> None:
    assert when(said, datetime(2025, 12, 4, 16, 24, 40, tzinfo=BEIJING)) == moment


def test_a_list_page_by_selectors() -> None:
    page = """<title>新闻</title><ul class="news"><li><a href="/1">标题一</a><i>2024-01-30</i></li>
    <li><a href="/2" title="完整的标题二">标题…</a></li><li>没有链接</li>
    <li><a href="javascript:x()">不是</a></li></ul>"""
    found = listing("page", page, "https://a.example/list", selector="ul.news li", date_selector="i")
    assert [(entry.url, entry.title, entry.published) for entry in found.entries] == [
        ("https://a.example/1", "标题一", datetime(2024, 1, 30, tzinfo=BEIJING)),
        ("https://a.example/2", "完整的标题二", None),
    ]
    links = listing("page", page, "https://a.example/list", selector="li a", title_selector="b")
    assert [entry.title for entry in links.entries] == ["标题一", "完整的标题二"]
    assert told("page", page, selector="ol li") == Trouble.SELECTOR
    assert told("page", page, selector="li[") == Trouble.SELECTOR


def test_a_page_and_a_text_of_links() -> None:
    page = """<html><title>本周</title><a href="/1">一</a><a href="#top">顶</a><a href="mailto:a@b.example">信</a>
    <p>还有 https://b.example/2，以及</p><a href="https://b.example/2">二</a></html>"""
    found = listing("links", page, "https://a.example/week")
    assert [(entry.url, entry.title) for entry in found.entries] == [
        ("https://a.example/1", "一"),
        ("https://b.example/2", "二"),
    ]
    text = "周一 https://a.example/1 周二 https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"
    assert len(listing("links", text).entries) == 2
    assert [entry.url for entry in listing("links", text, contains="weixin").entries] == [text.split()[-1]]
    assert told("links", text, contains="zhihu") == Trouble.NO_LIST


def test_lists_that_are_handed_in() -> None:
    message = {
        "comm_msg_info": {"datetime": SENT},
        "app_msg_ext_info": {
            "title": "头条",
            "author": "张三",
            "content_url": "/s?__biz=MzA=&amp;mid=1&amp;idx=1&amp;sn=abc",
            "multi_app_msg_item_list": [{"title": "次条", "content_url": "http://mp.weixin.qq.com/s/x"}, "odd"],
        },
    }
    text_only = {"comm_msg_info": {"datetime": SENT}}
    history = f'<script>var name=""||"示例号"; var msgList = {json.dumps({"list": [message, text_only]})};</script>'
    asked = json.dumps({"general_msg_list": json.dumps({"list": [message]})})
    for text, account in ((history, "示例号"), (asked, "")):
        assert [(e.title, e.url, e.account, e.author, e.published) for e in listing("wechat_list", text).entries] == [
            ("头条", "https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&idx=1&sn=abc", account, "张三", AT),
            ("次条", "http://mp.weixin.qq.com/s/x", account, "", AT),
        ]
    editor = {"app_msg_list": [{"title": "甲", "link": "http://mp.weixin.qq.com/s?mid=1", "update_time": SENT}]}
    assert [(e.title, e.published) for e in listing("wechat_list", json.dumps(editor)).entries] == [("甲", AT)]
    sogou = (
        '<ul class="news-list"><li><h3><a href="/link?url=x">新<em>芯片</em></a></h3>'
        f'<div class="s-p" t="{SENT}"><a class="account">示例号</a></div></li></ul>'
    )
    assert [(e.url, e.title, e.account, e.published) for e in listing("wechat_list", sogou).entries] == [
        ("https://weixin.sogou.com/link?url=x", "新芯片", "示例号", AT)
    ]
    assert told("wechat_list", "<html>别的</html>") == Trouble.NO_LIST


def test_addresses_are_kept_in_one_spelling_or_refused_in_words() -> None:
    assert check_address("wechat_album", f"{ALBUM}&scene=21&action=getalbum#wechat_redirect") == ALBUM
    assert (
        check_address("baidu_author", "https://author.baidu.com/home/1546?from=x")
        == "https://author.baidu.com/home/1546"
    )
    assert check_address("feed", " blog.example/feed ") == "https://blog.example/feed"
    assert check_address("baidu_news", "ignored") == ""
    for kind, address, said in (
        ("wechat_album", "https://mp.weixin.qq.com/s/abc", "合集链接以"),
        ("baidu_author", "https://www.baidu.com/", "author.baidu.com"),
        ("feed", "http://127.0.0.1/feed", "内网或保留地址"),
        ("feed", "http://blog.example:8080/", "不能访问"),
        ("feed", "", "请填写地址"),
    ):
        with pytest.raises(ValidationError, match=said):
            check_address(kind, address)


def test_options_are_checked_and_what_no_kind_knows_is_left_out() -> None:
    assert check_options("page", {"selector": "li a", "odd": "x", "folder": "/厂商/"}) == {
        "selector": "li a",
        "folder": "厂商",
    }
    assert check_options("wechat_album", {"reverse": True}) == {"reverse": True}
    with pytest.raises(ValidationError, match="选择器写错了"):
        check_options("page", {"selector": "li["})
    with pytest.raises(ValidationError, match="链接选择器"):
        check_options("page", {})


def test_a_file_tells_its_kind() -> None:
    assert detect(b"<rss><channel><item><link>https://a.example/1</link></item></channel></rss>")[0] == "feed"
    assert detect("文章 https://a.example/1".encode())[0] == "links"
    with pytest.raises(SourceError):
        detect(b"nothing at all")


def test_an_item_of_an_album_that_does_not_end_is_none() -> None:
    def item(number: int) -> str:
        return f'<li data-title="第{number}讲" data-link="http://mp.weixin.qq.com/s?mid={number}">'

    whole = listing("wechat_album", item(1) + item(2))
    assert [(entry.title, entry.url) for entry in whole.entries] == [
        ("第1讲", "http://mp.weixin.qq.com/s?mid=1"),
        ("第2讲", "http://mp.weixin.qq.com/s?mid=2"),
    ]
    cut = listing("wechat_album", item(1) + '<li data-link="a" data-title="b" ' * 1000)
    assert [entry.title for entry in cut.entries] == ["第1讲"]


def test_lists_that_are_too_long_are_refused_whole() -> None:
    link = "https://a.example/1 "
    assert [entry.url for entry in listing("links", link * 25_000).entries] == ["https://a.example/1"]
    assert told("links", link * 25_001) == Reason.TOO_LARGE
    page = "<html><body>" + '<a href="https://a.example/1">a</a>' * 10
    assert len(listing("page", page + " " * 1_900_000, selector="a").entries) == 1
    assert told("page", page + " " * 2_100_000, selector="a") == Trouble.UNREADABLE
    assert len(listing("page", page + "<br>" * (9_980 - 2), selector="a").entries) == 1
    assert told("page", page + "<br>" * (9_980 - 1), selector="a") == Trouble.UNREADABLE
