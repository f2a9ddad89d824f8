"""Feeds of every kind, and of every offence that publishers and bridges commit."""

import json
from datetime import datetime

import pytest

from news.extract.base import BEIJING
from news.sources import KINDS
from news.sources.base import Entry, SourceError, Trouble, read
from news.sources.whole import is_whole

FEED = KINDS["feed"]
URL = "https://blog.example/feed/all.xml"
LONG = "".join(
    f"<p>第{n}段讲的是怎样把模型放进芯片里，量化之后还要重新校准，才能得到稳定的结果。</p>" for n in range(8)
)


def feed(given: str | bytes, content_type: str = "application/xml", **options: object):
    body = given.encode() if isinstance(given, str) else given
    return read(FEED, body, url=URL, content_type=content_type, options=options)


def rss(items: str, head: str = "<title>芯片笔记</title><link>https://blog.example/</link>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def test_rss_2_with_all_that_it_may_have() -> None:
    item = """<item><title>量化 &amp; 剪枝</title><link>/posts/1?utm_source=rss</link>
    <dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">李四</dc:creator>
    <pubDate>Wed, 16 Jun 2021 17:11:45 +0800</pubDate><description>摘要一句</description></item>"""
    found = feed(rss(item))
    assert found.title == "芯片笔记"
    assert found.entries == [
        Entry(
            url="https://blog.example/posts/1?utm_source=rss",
            title="量化 & 剪枝",
            account="芯片笔记",
            author="李四",
            published=datetime(2021, 6, 16, 17, 11, 45, tzinfo=BEIJING),
            summary="摘要一句",
        )
    ]


def test_rss_1_and_0_91_and_atom() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>一</title></channel>
    <item><title>A</title><link>https://a.example/1</link><dc:date>2024-01-30T08:00:00Z</dc:date></item></rdf:RDF>"""
    old = '<rss version="0.91"><channel><title>二</title><item><link>https://a.example/2</link></item></channel></rss>'
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/blog/"><title>三</title>
    <link rel="self" href="https://a.example/feed"/><entry><title type="html">&lt;b&gt;粗&lt;/b&gt;体</title>
    <link rel="enclosure" href="https://a.example/x.mp3"/><link href="3"/><updated>2024-01-30T08:00:00+08:00</updated>
    <author><name>王五</name></author></entry></feed>"""
    assert [feed(text).entries for text in (rdf, old, atom)] == [
        [Entry("https://a.example/1", "A", "一", published=datetime(2024, 1, 30, 16, tzinfo=BEIJING))],
        [Entry("https://a.example/2", account="二")],
        [Entry("https://a.example/blog/3", "粗体", "三", "王五", datetime(2024, 1, 30, 8, tzinfo=BEIJING))],
    ]


def test_json_feed() -> None:
    items = [
        {"id": "x", "url": "/1", "title": "甲", "content_html": LONG, "authors": [{"name": "赵六"}, {}]},
        {"id": "https://blog.example/2", "title": ["no text"], "content_text": "短", "date_published": "2024-01-30"},
        "no item",
    ]
    given = {"version": "https://jsonfeed.org/version/1.1", "title": "笔记", "items": items}
    first, second = feed(json.dumps(given), "application/feed+json").entries
    assert (first.url, first.author, first.html) == ("https://blog.example/1", "赵六", LONG)
    assert second == Entry(
        "https://blog.example/2", "", "笔记", published=datetime(2024, 1, 30, tzinfo=BEIJING), summary="短"
    )


def test_a_guid_is_a_link_only_where_it_says_so() -> None:
    items = """<item><guid>https://a.example/1</guid></item><item><guid isPermaLink="false">https://a.example/2</guid></item>
    <item><guid>tag:a.example,1</guid></item><item><link></link><guid>https://a.example/4</guid></item>"""
    assert [entry.url for entry in feed(rss(items)).entries] == ["https://a.example/1", "https://a.example/4"]


def test_broken_xml_keeps_its_links() -> None:
    """Bare ampersands, HTML's entities, a tag that never closes: links come out whole."""
    items = """<item><title>a & b &nbsp; c&hellip;</title><link>https://a.example/?a=1&b=2</link>
    <description><p>一<br>二</description></item><item><title>2</title><link>https://a.example/2</link>"""
    entries = feed(f"<rss><channel><title>破</title>{items}").entries
    assert [(entry.url, entry.title) for entry in entries] == [
        ("https://a.example/?a=1&b=2", "a & b c…"),
        ("https://a.example/2", "2"),
    ]


@pytest.mark.parametrize("declared", ["gbk", "utf-8", ""])
def test_the_bytes_say_the_charset(declared: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = (
        head
        + "<rss><channel><title>中文的标题在这里</title><item><link>https://a.example/1</link></item></channel></rss>"
    )
    assert feed(text.encode("gb18030")).title == "中文的标题在这里"


def test_no_entity_is_expanded_and_no_file_read() -> None:
    """CRAWL-028: a thousand million laughs, and an entity that is a file of ours."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    for declared, name in ((laughs, "l9"), ('<!ENTITY x SYSTEM "file:///etc/passwd">', "x")):
        item = f"<item><title>&{name};</title><link>https://a.example/1</link></item>"
        text = f'<?xml version="1.0"?><!DOCTYPE rss [{declared}]>' + rss(item).partition("?>")[2]
        [entry] = feed(text).entries
        assert entry.title == f"&{name};"


@pytest.mark.parametrize(
    "hostile",
    [
        "<item " + " ".join(f'a{n}="1"' for n in range(50_000)) + "></item>",
        "<item>" * 50_000,
        "<" * 490_000,
        "<![CDATA[" * 100_000,
        "&" * 299_000,
        "<!DOCTYPE [" * 100_000,
        "<!--" * 100_000,
    ],
    ids=["attributes", "nested", "open", "cdata", "ampersands", "doctypes", "comments"],
)
def test_markup_that_is_made_to_hold_us_up_gives_nothing(hostile: str) -> None:
    assert feed("<rss><channel><title>x</title>" + hostile).entries == []


@pytest.mark.parametrize("flood", ["<a/>" * 500_001, "&" * 300_001], ids=["tags", "ampersands"])
def test_a_flood_of_tags_or_of_what_must_be_mended_is_no_feed(flood: str) -> None:
    with pytest.raises(SourceError) as told:
        feed("<rss><channel><title>x</title>" + flood)
    assert told.value.reason == Trouble.NO_FEED


def test_what_is_no_feed_is_told_as_what_it_is() -> None:
    wall = "<html><title>环境异常</title><body>当前环境异常，完成验证后即可继续访问。</body></html>"
    for text, reason in (
        ("<html><body>一个普通的网页，没有订阅。</body></html>", Trouble.NO_FEED),
        ("{broken", Trouble.NO_FEED),
        ('{"items": {}}', Trouble.NO_FEED),
        ("", Trouble.NO_FEED),
        (wall, Trouble.CHALLENGE),
        (b"\x1f\x8b\x00\x01\x02" * 100, Trouble.UNREADABLE),
    ):
        with pytest.raises(SourceError) as caught:
            feed(text)
        assert caught.value.reason == reason


def test_accounts_of_wechat_bridges() -> None:
    """A feed of one account carries its name in the title, one of several in each author."""
    link = "<link>https://mp.weixin.qq.com/s/{}</link>"
    one = feed(rss(f"<item><title>1</title>{link.format('a' * 22)}</item>", "<title>芯片号 | wechat-feeds</title>"))
    assert one.entries[0].account == "芯片号"
    items = "".join(
        f"<item>{link.format(n * 22)}<author>{name}</author></item>" for n, name in (("a", "甲"), ("b", "乙"))
    )
    several = feed(rss(items, "<title>WeWe-RSS All</title>"))
    assert [(entry.account, entry.author) for entry in several.entries] == [("甲", ""), ("乙", "")]


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        (LONG, True),
        (LONG + "<p><a href='/1'>阅读全文</a></p>", False),
        (LONG[:-4] + "……</p>", False),
        ("<p>短短一句。</p>", False),
        ("没有段落的一长串文字，" * 60, False),
    ],
)
def test_what_is_a_whole_text(html: str, whole: bool) -> None:
    assert is_whole(html) is whole


def test_entries_cut_at_one_length_are_excerpts_unless_the_editor_says_otherwise() -> None:
    cut = "<p>" + "正文开头的一段话，" * 40 + "</p><p></p><p></p>"
    items = "".join(
        f"<item><link>https://a.example/{n}</link><description><![CDATA[{cut}{n}]]></description></item>"
        for n in range(6)
    )
    assert [bool(entry.html) for entry in feed(rss(items)).entries] == [False] * 6
    assert [bool(entry.html) for entry in feed(rss(items), text="always").entries] == [True] * 6
    whole = rss(f"<item><link>https://a.example/1</link><description><![CDATA[{LONG}]]></description></item>")
    assert [feed(whole, text=mode).entries[0].html for mode in ("auto", "never")] == [LONG, ""]


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Wed, 02 Oct 2024 08:00:00 EST", datetime(2024, 10, 2, 21, tzinfo=BEIJING)),
        ("Wed, 02 Oct 2024 08:00:00", datetime(2024, 10, 2, 16, tzinfo=BEIJING)),
        ("Wed, 02 Oct 2024 08:00:00 GMT+8", datetime(2024, 10, 2, 8, tzinfo=BEIJING)),
        ("2024-10-02T08:00:00.123Z", datetime(2024, 10, 2, 16, tzinfo=BEIJING)),
        ("2024年10月2日 08:00", datetime(2024, 10, 2, 8, tzinfo=BEIJING)),
        ("1727827200", datetime(2024, 10, 2, 8, tzinfo=BEIJING)),
        ("yesterday", None),
        ("2999-01-01", None),
    ],
)
def test_times(said: str, moment: datetime | None) -> None:
    item = f"<item><link>https://a.example/1</link><pubDate>{said}</pubDate></item>"
    assert feed(rss(item)).entries[0].published == moment


def test_odd_tags_and_addresses_are_left_out() -> None:
    items = "<item><link\ufffdhttp:>x</link\ufffdhttp:></item><item><link>http://[</link></item><item><link>/1</link></item>"
    assert [entry.url for entry in feed(rss(items)).entries] == ["https://blog.example/1"]


def test_of_an_entry_a_hundred_children_are_looked_at_and_of_a_feed_2000_entries() -> None:
    def link_behind(children: int) -> str:
        return rss(f"<item>{'<a/>' * children}<link>https://a.example/1</link></item>")

    assert [entry.url for entry in feed(link_behind(99)).entries] == ["https://a.example/1"]
    assert feed(link_behind(100)).entries == []
    items = "".join(f"<item><link>https://a.example/{n}</link></item>" for n in range(2_001))
    listing = feed(rss(items))
    assert [entry.url for entry in listing.entries] == [f"https://a.example/{n}" for n in range(2_000)]
    assert listing.left_out == 1
    rows = [{"url": f"https://a.example/{n}"} for n in range(2_003)]
    listing = feed(json.dumps({"items": rows}))
    assert (len(listing.entries), listing.left_out) == (2_000, 3)


def test_long_markup_is_judged_by_both_ends() -> None:
    assert is_whole(LONG + "<p>字字字字字</p>" * 10_000)
    assert not is_whole(LONG + "<p>字字字字字</p>" * 10_000 + "阅读全文")


def test_bare_ampersands_and_names_of_html_in_a_feed() -> None:
    item = "<item><title>A&B &nbsp;&hellip;&lt;i> &#38;</title><link>https://a.example/?a=1&b=2</link></item>"
    [entry] = feed(rss(item)).entries
    assert (entry.title, entry.url) == ("A&B … &", "https://a.example/?a=1&b=2")
