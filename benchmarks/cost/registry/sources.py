"""Feeds, lists, outlines."""

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.cost.hostile import TAGS, Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.calls import as_bytes, of, swapped
from benchmarks.cost.registry.caps import NOW, URL
from news.sources import (
    KINDS,
    baidu_news,
    base,
    detect,
    feed_dates,
    feed_json,
    opml,
    page,
    page_json,
    reasons,
    soup,
    whole,
    xml,
)

FEEDS = (
    Hostile("items", "<item><title>a</title><link>http://a.cn/</link></item>", "<rss><channel>"),
    Hostile("unclosed items", "<item>", "<rss><channel>"),
    Hostile("attributes", ' a="b"', "<rss"),
    Hostile("bare ampersands", "&", "<rss><channel><title>"),
    Hostile("CDATA", "<![CDATA[<p>]]>", "<rss><channel><item><description>"),
    Hostile("open CDATA", "<![CDATA[", "<rss>"),
    Hostile("processing instructions", "<?a"),
    Hostile("declarations", "<!ENTITY a 'b'>", "<!DOCTYPE a ["),
    Hostile("descriptions", "<item><description>&lt;p>a</description></item>", "<rss><channel>"),
    Hostile("one description", "&lt;p>a", "<rss><channel><item><description>"),
    Hostile("children of one item", "<a/>", "<rss><channel><item>"),
    Hostile("links of one item", "<link>a</link>", "<feed><entry>"),
    Hostile("links of Atom", "<link href='a' rel='b'/>", "<feed xmlns='http://www.w3.org/2005/Atom'><entry>"),
    Hostile("many entries", "<entry><id>http://a.cn/</id><author><name>a</name></author></entry>", "<feed>"),
    Hostile("prefixes", "<a:b xmlns:a='c'>", "<rss>"),
)


LISTS = (
    *TAGS,
    Hostile("opening of JSON", "a=[", ""),
    Hostile("JSON that breaks off", 'a=[{"b":1},'),
    Hostile("album items", '<li data-title="a" data-link="b">'),
    Hostile("half album items", '<li data-title="'),
    Hostile("results", "<h3><a href=a>b</a></h3>"),
    Hostile("boxes of results", "<div mu=a><h3><a href=b>c</a></h3>"),
    Hostile("rows of news", "<ul class=news-list><li><h3><a href=a>b</a></h3></li></ul>"),
    Hostile("result data", '<!--s-data:{"titleUrl":"http://a.cn/","title":"a"}-->'),
    Hostile("open result data", "<!--s-data:{"),
    Hostile("times", "js_article_create_time>"),
    Hostile("articleList", "cgiData={articleList:["),
    Hostile("names", 'var name="" ||'),
)


OUTLINES = (
    Hostile("outlines", '<outline xmlUrl="http://a.cn/" text="a"/>', "<opml><body>"),
    Hostile("nested outlines", '<outline text="a">', "<opml><body>"),
    Hostile("long attributes", "a", '<opml><body><outline text="'),
)


def probes() -> Iterator[Probe]:
    cap, why = base.MAX_CHARACTERS, "base.MAX_CHARACTERS"
    options: dict[str, dict[str, object]] = {
        "page": {"selector": "ul li a", "title_selector": "", "date_selector": "time"},
        "baidu_news": {"words": "芯片"},
    }
    for kind, reader in KINDS.items():
        if not reader.is_polled and kind != "wechat_list":
            continue
        name = f"{type(reader).__module__}.{type(reader).__qualname__}"
        own = FEEDS if kind == "feed" else LISTS
        yield Probe(f"{name}.read", _reading(reader, options.get(kind, {})), cap, why, own)
        if type(reader).check is not base.Kind.check:
            yield Probe(f"{name}.check", reader.check, 2000, "Source.address")
        if type(reader).request is not base.Kind.request:
            yield Probe(f"{name}.request", partial(swapped, reader.request, {}), 2000, "Source.address")
    yield Probe("news.sources.base.read", _whole_reading, cap, why, (*FEEDS, *LISTS))
    yield Probe("news.sources.base.join", lambda text: base.join(URL, text), cap, why)
    yield Probe(
        "news.sources.detect.detect",
        lambda text: detect.detect(as_bytes(text), URL),
        cap,
        "MAX_IN of a file",
        (*FEEDS, *LISTS),
    )
    yield Probe("news.sources.feed_json.read_json", lambda text: feed_json.read_json(text, URL), cap, why)
    yield of(feed_dates.moment, cap, why, (Hostile("zones", "GMT+8", "1 Jan 2024 "), Hostile("commas", "Mon, ")))
    yield Probe(
        "news.sources.baidu_news.when",
        lambda text: baidu_news.when(text, NOW),
        5000,
        "a result's box",
        (Hostile("clocks", "今天 1:"), Hostile("ago", "12 ")),
    )
    yield of(
        page.check_selector,
        300,
        "PageOptions",
        (Hostile("selectors", ":not("), Hostile("attributes", "[a="), Hostile("commas", "a,")),
    )
    yield Probe("news.sources.page_json.documents", lambda text: list(page_json.documents(text)), cap, why, LISTS)
    yield Probe("news.sources.reasons.words", lambda text: reasons.words(text), 4000, "Source.error")
    yield of(soup.soup_of, cap, why, LISTS)
    yield of(whole.is_whole, cap, why, TAGS)
    yield Probe("news.sources.whole.is_cut_evenly", lambda text: whole.is_cut_evenly([text] * 4), cap // 4, why, TAGS)
    yield of(whole.plain, cap, why, TAGS)
    yield of(xml.parse, cap, why, FEEDS)
    yield of(xml.printable, cap, why)
    yield Probe(
        "news.sources.opml.load",
        lambda text: opml.load(as_bytes(text)),
        opml.MAX_BYTES,
        "MAX_BYTES",
        (*FEEDS, *OUTLINES),
    )


def _reading(reader: base.Kind, options: dict[str, object]) -> Callable[[str], object]:
    return lambda text: reader.read(text, URL, options)


def _whole_reading(text: str) -> object:
    return base.read(KINDS["links"], as_bytes(text), url=URL, options={})
