"""Every function of the product that takes outside text, with the cap that the product applies before it.

A new one belongs here, or in `exempt.py` with a reason; `tests/benchmarks/test_cost.py` compares both with the source.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from waitress.parser import ParsingError, TransferEncodingNotImplemented

from benchmarks.cost.hostile import Hostile
from benchmarks.cost.measure import Probe
from digest import addresses, network
from digest.briefings import (
    feed_formats,
    markdown,
    memory_match,
    metadata,
    past_issues,
    past_issues_body,
    past_issues_heading,
    past_issues_lines,
    past_issues_take,
)
from digest.briefings import links as printed_links
from digest.briefings.search import QUERY_LENGTH, shown
from digest.briefings.templatetags import prose
from digest.events import qr, wording
from digest.intake.api import LARGEST_JSON
from digest.web.limits import Limits
from digest.web.request import Request
from digest.web.server import adjustments
from news import canonical, changes, robots, text
from news.embed import base as embed_base
from news.extract import (
    Page,
    baidu,
    charset,
    clean,
    dates,
    entry,
    footer,
    generic,
    literal,
    markup,
    sanitise,
    saved,
    states,
    story,
    story_text,
    walk,
    wechat,
    wechat_source,
)
from news.extract import read as read_page
from news.extract.base import Unreadable
from news.http import FetchError, Guard, content, names, redirect, retry
from news.http import addresses as http_addresses
from news.management.commands import extract as extract_command
from news.models import Host
from news.names import file, find, fold, lexicon, patterns, sense, starter
from news.pictures import raster
from news.pictures.register import sources as picture_sources
from news.search import query, snippet, synonyms, terms, vector
from news.sources import (
    KINDS,
    baidu_news,
    base,
    detect,
    feed_dates,
    feed_json,
    links,
    opml,
    page,
    page_json,
    reasons,
    soup,
    whole,
    xml,
)
from news.stories import added, followup, judge, kinship, overlap, particulars, retelling, sketch
from news.stories.pairs import reading
from news.summarise import pairs, unfit
from news.summarise.extractive import Extractive
from news.topic_scores import term_pattern
from news.topics import words

REFUSALS = (
    Unreadable,
    canonical.BadLink,
    FetchError,
    base.SourceError,
    saved.NotSaved,
    literal.Broken,
    ValidationError,
    raster.Unfit,
    ParsingError,
    TransferEncodingNotImplemented,
)
URL = "https://a.cn/b"
LINK = 4 * canonical.MAX_LENGTH
"""Characters of a link: canonicalise reads no more, a model field keeps 4,000."""
HEADER = 16_384  # of a response, or of a request: what both sides' HTTP libraries read of a line
TITLE = 500
PASTE = 200_000  # PasteForm.text; the form checks it


def probes() -> list[Probe]:
    """All of them."""
    return [*_links(), *_pages(), *_sources(), *_network(), *_texts(), *_names(), *_search(), *_stories(), *_paper()]


def _links() -> Iterator[Probe]:
    own = (
        Hostile("links that begin in links", "](http://a"),
        Hostile("hosts of many labels", "http://a.a.a.a.a"),
        Hostile("escaped slashes", "http:\\/\\/a.cn\\/\\u0026"),
        Hostile("folders that name things", "/wiki/a:", "http://a.cn"),
        Hostile("names of two scripts", "/wiki/" + "a" * 80 + "模型", "http://a.cn"),
        Hostile("names of two scripts that do not end", "/wiki/a模b", "http://a.cn"),
        Hostile("href of every case", "HREF = 'hreF=\""),
        Hostile("full stops and brackets", ".)]", "http://a.cn/"),
    )
    paste = PASTE
    every = partial(canonical.find_links, most=None)
    yield Probe("news.canonical.find_links", every, links.MAX_TEXT, "links.MAX_TEXT of a list", own)
    yield Probe("news.canonical.find_links", canonical.find_links, paste, "PasteForm.text", own, "a paste")
    yield Probe("news.canonical.find_links", canonical.find_links, LARGEST_JSON, "LARGEST_JSON of the API", own, "API")
    query = (
        Hostile("parameters", "&amp;mid=1", "https://mp.weixin.qq.com/s?"),
        Hostile("percent signs", "%2", "https://a.cn/"),
        Hostile("labels", "a.", "https://"),
        Hostile("wrapped", "https://mp.weixin.qq.com/mp/captcha?target_url="),
        Hostile("numbers", "1", "https://baijiahao.baidu.com/s?id="),
        Hostile("Han in a host", "例", "https://"),
    )
    for function in (canonical.canonicalise, canonical.is_temporary, canonical.is_wall, canonical.is_short):
        yield _of(function, LINK, "MAX_LENGTH", query)
    yield Probe("news.canonical.unescape", canonical.unescape, LINK, "its callers cut", own)
    yield Probe("digest.briefings.links.canonical", printed_links.canonical, LINK, "canonicalise", query)
    yield Probe("digest.briefings.templatetags.prose.web_link", prose.web_link, 2000, "Item.url", query)
    yield Probe("digest.briefings.templatetags.prose.host", prose.host, 2000, "Item.url", query)
    yield Probe("digest.events.qr.svg", lambda given: qr.svg(given), 300, "an address of this site")


def _swapped(function: Callable[[str, Any], object], second: object, given: str) -> object:
    return function(given, second)


def _listed(function: Callable[[str], Iterable[object]], given: str) -> object:
    return list(function(given))


def _titled(function: Callable[[str, str], object], given: str) -> object:
    return function(given[:TITLE], given)


def _of(function: Callable[[str], object], cap: int, why: str, own: tuple[Hostile, ...] = ()) -> Probe:
    return Probe(f"{function.__module__}.{function.__qualname__}", function, cap, why, own)


TAGS = (
    Hostile("unclosed boxes", "<div>"),
    Hostile("closed boxes", "<div></div>"),
    Hostile("attributes", ' a="b"', "<p"),
    Hostile("quotes in a tag", "='", "<p "),
    Hostile("unclosed comments", "<!--"),
    Hostile("unclosed scripts", "<script>"),
    Hostile("unclosed templates", "<svg><noscript><template>"),
    Hostile("closing tags", "</p>"),
    Hostile("tables", "<table><tr><td>"),
    Hostile("links in links", "<a href=x>"),
    Hostile("emphasis", "<b><i>"),
    Hostile("styles", '<p style="opacity:0.0.0.0;font-size:0;left:-9999">a</p>'),
    Hostile("pictures", "<img src=http://a.cn/b>"),
    Hostile("breaks", "a<br>\n 中 "),
    Hostile("empty boxes", "<p><b> &nbsp;<br></b></p>"),
    Hostile("preformatted", "<pre><code>a"),
    Hostile("open preformatted", "<pre>"),
    Hostile("names of entities", "&nbsp;&lt;&#38;&notit;"),
    Hostile("meta tags", '<meta name=a content="b">'),
    Hostile("half-open meta tags", "<meta name='a"),
    Hostile("titles", "<title>"),
    Hostile("ids that are looked for", '<p id="js_content'),
    Hostile("classes that are looked for", '<p class="rich_media_content '),
    Hostile("variables", 'var msg_title = "a\\'),
    Hostile("records", "cgiDataNew = {a: '"),
    Hostile("open records", "cgiDataNew = {a:["),
    Hostile("quotes that do not close", "\\\"'a'"),
    Hostile("comments that do not end", "/*a"),
    Hostile("lists of pictures", "picture_page_info_list = [{"),
    Hostile("JSON-LD", '<script type="application/ld+json">[', ""),
    Hostile("time tags", "<time a "),
    Hostile("dates", "发布时间：2024-1"),
    Hostile("saved from", "<!-- saved from url=(1"),
    Hostile("report links", "<p a>举报/反馈<"),
    Hostile("long time tags", "<time" + " a" * 200),
    Hostile("long link tags", "<link" + " rel=canonical." * 20),
    Hostile("long headings", "<h1" + " a" * 200),
    Hostile("headings", "<h1>" + "a" * 40),
    Hostile("script tags that do not end", "<script "),
    Hostile("title tags that do not end", "<title "),
    Hostile("declarations", "<?xml "),
    Hostile("migrations", "transfer_target_link = 'a"),
    Hostile("notices", "环境异常违反已被删除"),
    Hostile("promotion", "<p>关注我们，扫码添加二维码</p>"),
)
WHOLE = "</body></html>"


def _pages() -> Iterator[Probe]:
    page, why, body = settings.CRAWL_MAX_BYTES, "CRAWL_MAX_BYTES", clean.MAX_CHARACTERS
    for label, begin, end, host in (
        ("as it is", "", "", URL),
        ("generic", "<!doctype html><html><head><title>a</title></head><body>", WHOLE, URL),
        ("an article", f"<html><body><article><h1>标题</h1><p>{'正文。' * 60}</p>", "</article>" + WHOLE, URL),
        (
            "an article's script",
            f"<html><body><article><h1>标题</h1><p>{'正文。' * 60}</p></article><script ",
            "></script>" + WHOLE,
            URL,
        ),
        ("WeChat", "<html><body><h1 id='activity-name'>a</h1><div id='js_content'>", "</div>" + WHOLE, WECHAT),
        ("WeChat, open", "<html><body><div id='js_content'>正文", "", WECHAT),
        ("WeChat record", "<html><body><script>cgiDataNew = {title: '", "'}</script>" + WHOLE, WECHAT),
        ("WeChat script", "<html><body><div id='js_content'>正文</div><script>", "</script>" + WHOLE, WECHAT),
        ("Baidu", '<html><body><div data-testid="article">', "</div>" + WHOLE, BAIDU),
        ("Baidu record", '<html><script>window.jsonData = {"a": "', '"}</script>' + WHOLE, BAIDU),
        ("a notice", "<html><body><div class='weui-msg'><h2 class='weui-msg__title'>", "</h2></div>" + WHOLE, WECHAT),
    ):
        yield Probe("news.extract.read", _in_page(begin, end, host), page, why, TAGS, label)
    yield Probe("news.extract.read", _entry_page, page, why, TAGS, "a feed's entry")
    yield Probe("news.extract.entry.read", lambda text: entry.read(_entry(text)), page, why, TAGS)
    yield Probe("news.extract.charset.decode", lambda text: charset.decode(_bytes(text)), page, why)
    yield Probe(
        "news.extract.charset.decode",
        lambda text: charset.decode(_bytes(text) + b"\xff\xfe\x80"),
        page,
        why,
        (),
        "broken",
    )
    yield Probe(
        "news.extract.charset.decode",
        lambda text: charset.decode(text.encode("gb18030", "replace")),
        page,
        why,
        (),
        "GB18030",
    )
    yield Probe("news.extract.charset.decode", lambda text: charset.decode(b"", text), HEADER, "HEAD_BYTES", (), "type")
    for site in (wechat, baidu, generic):
        yield Probe(f"{site.__name__}.recognises", partial(_swapped, site.recognises, ""), page, why, TAGS)
        yield Probe(f"{site.__name__}.read", partial(_swapped, site.read, URL), page, why, TAGS)
    yield Probe(
        "news.extract.wechat_source.Source.address",
        lambda text: wechat_source.Source("").address(text),
        LINK,
        "canonicalise",
    )
    yield Probe("news.extract.clean.sanitise", lambda text: sanitise(text, URL), body, "MAX_CHARACTERS", TAGS)
    yield Probe("news.extract.clean.body", lambda text: clean.body(text, URL), body, "MAX_CHARACTERS", TAGS)
    yield _of(walk.soften, body, "MAX_CHARACTERS", TAGS)
    for function in (markup.ended, markup.is_document, markup.metas, markup.refuse_flood, markup.without_scripts):
        yield _of(function, page, why, TAGS)
    yield _of(markup.parse, body, "MAX_CHARACTERS", TAGS)
    yield _of(markup.words, body, "MAX_CHARACTERS", TAGS)
    yield Probe("news.extract.markup.tags", lambda text: list(markup.tags(text, markup._META)), page, why, TAGS)
    yield Probe("news.extract.markup.openings", lambda text: list(markup.openings(text, "time")), page, why, TAGS)
    yield Probe("news.extract.markup.lean", lambda text: markup.lean(_bytes(text)), page, why, TAGS)
    for name, value in (("id", "js_content"), ("class", "rich_media_content")):
        yield Probe("news.extract.markup.opening", _opening(name, value), page, why, TAGS, name)
    yield Probe("news.extract.markup.cut", _cut, page, why, TAGS)
    yield Probe("news.extract.markup.cut_body", partial(_cut, cut=markup.cut_body), page, why, TAGS)
    yield Probe("news.extract.markup.assigned", lambda text: markup.assigned(text, "msg_title"), page, why, TAGS)
    yield _of(states.notice, page, why, TAGS)
    yield _of(states.boxed_notice, page, why, TAGS)
    yield _of(states.unknown_notice, page, why, TAGS)
    yield Probe("news.extract.states.of_words", states.of_words, 300_000, "states._SMALL", TAGS)
    objects = (
        *TAGS,
        Hostile("strings", "'a\\", "{a:"),
        Hostile("keys", "a:'b',", "{"),
        Hostile("escapes", "\\x26\\\\x26", "{a:'"),
        Hostile("comments", "/*", "{"),
        Hostile("objects", "{a:{},", "{a:"),
    )
    yield Probe("news.extract.literal.read_object", lambda text: literal.read_object(text, 0), page, why, objects)
    yield Probe("news.extract.literal.read_list", lambda text: literal.read_list(text, 0), page, why, objects)
    yield Probe("news.extract.literal.decode", lambda text: literal.decode(f"'{text}'"), page, why, objects)
    yield _of(dates.from_epoch, page, why)
    yield Probe(
        "news.extract.dates.from_shown",
        lambda text: dates.from_shown(text, NOW),
        page,
        why,
        (Hostile("dates", "2024-1-1 1:0"), Hostile("years", "2024 ")),
    )
    yield Probe("news.extract.footer.story", lambda text: story(_page(text)), body, "MAX_CHARACTERS", TAGS)
    yield Probe("news.extract.footer.story_text", lambda text: story_text(_page(text)), body, "MAX_CHARACTERS", TAGS)
    yield Probe(
        "news.extract.footer.without_promotion",
        footer.without_promotion,
        clean.MAX_TEXT,
        "MAX_TEXT",
        (Hostile("appeals", "欢迎关注点赞在看\n"), Hostile("marks", "！\n"), Hostile("an appeal's half", "扫二维")),
    )
    archive = (
        Hostile("header lines", "A: b\n", "MIME-Version: 1.0\n"),
        Hostile("parts", "\n--x\nA: b\n\n", "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"),
        Hostile("folded lines", " a\n", "MIME-Version: 1.0\n"),
        Hostile("parameters", "; a*0=b", "MIME-Version: 1.0\nContent-Type: text/html"),
        Hostile("quoted-printable", "=3D=\n", "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n"),
        Hostile("pictures as data", "data:a;base64," + "A" * 399, "<html>"),
        Hostile("declarations", "<?xml ?>"),
        Hostile("comments", "<!---->"),
    )
    yield Probe(
        "news.extract.saved.open_saved", lambda text: saved.open_saved(_bytes(text)), saved.MAX_IN, "MAX_IN", archive
    )
    yield Probe(
        "news.extract.saved.is_saved_page",
        lambda text: saved.is_saved_page(_bytes(text), ""),
        saved.MAX_IN,
        "MAX_IN",
        archive,
    )
    yield Probe(
        "news.extract.saved.is_archive", lambda text: saved.is_archive(_bytes(text)), saved.MAX_IN, "MAX_IN", archive
    )
    yield Probe(
        "news.management.commands.extract.page_of",
        lambda text: extract_command.page_of(_bytes(text), "a.html"),
        page,
        why,
        archive,
    )
    yield Probe(
        "news.pictures.register.sources",
        lambda text: list(picture_sources(sanitise(text))),
        body,
        "MAX_CHARACTERS",
        TAGS,
    )
    yield Probe("news.pictures.raster.kind_of", lambda text: raster.kind_of(_bytes(text)), page, why, RASTERS)
    yield Probe(
        "news.pictures.raster.rewrite",
        lambda text: raster.rewrite(text.encode("latin-1", "replace")),
        page,
        why,
        RASTERS,
    )


NOW = datetime(2026, 8, 1, tzinfo=UTC)
WECHAT, BAIDU = "https://mp.weixin.qq.com/s/a", "https://baijiahao.baidu.com/s?id=1"
RASTERS = (
    Hostile(
        "GIF blocks", ",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02L\x01\x00", "GIF89a\x01\x00\x01\x00\x00\x00\x00"
    ),
    Hostile("PNG chunks", "\x00\x00\x00\x00tEXt\x00\x00\x00\x00", "\x89PNG\r\n\x1a\n"),
    Hostile("JPEG marks", "\xff\xe1\x00\x02", "\xff\xd8"),
    Hostile("JPEG fill bytes", "\xff", "\xff\xd8\xff"),
    Hostile("JPEG bytes between segments", "\x01", "\xff\xd8\xff\xe1\x00\x02"),
)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _in_page(begin: str, end: str, url: str) -> Callable[[str], object]:
    """A reading of a page that holds the text; with its marks it stays within the cap in bytes."""

    def run(text: str) -> object:
        room = settings.CRAWL_MAX_BYTES - len(_bytes(begin + end))
        return read_page(_bytes(begin) + _bytes(text)[:room] + _bytes(end), url=url, content_type="text/html")

    return run


def _entry(text: str) -> bytes:
    return _bytes(base_json({"title": text[:TITLE], "html": text, "url": URL}))


def base_json(thing: object) -> str:
    import json

    return json.dumps(thing, ensure_ascii=False)


def _entry_page(text: str) -> object:
    return read_page(_entry(text), content_type=entry.CONTENT_TYPE)


def _opening(name: str, value: str) -> Callable[[str], object]:
    return lambda text: markup.opening(text, name, value)


def _cut(text: str, cut: Callable[..., object] = markup.cut) -> object:
    whole = f'<div id="js_content">{text}'
    match = markup.opening(whole, "id", "js_content")
    return cut(whole, match) if match else None


def _page(text: str) -> Page:
    body = clean.body(text)
    return Page("ok", "wechat", account="a", html=body.html, text=body.text)


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


def _sources() -> Iterator[Probe]:
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
            yield Probe(f"{name}.request", partial(_swapped, reader.request, {}), 2000, "Source.address")
    yield Probe("news.sources.base.read", _whole_reading, cap, why, (*FEEDS, *LISTS))
    yield Probe("news.sources.base.join", lambda text: base.join(URL, text), cap, why)
    yield Probe(
        "news.sources.detect.detect",
        lambda text: detect.detect(_bytes(text), URL),
        cap,
        "MAX_IN of a file",
        (*FEEDS, *LISTS),
    )
    yield Probe("news.sources.feed_json.read_json", lambda text: feed_json.read_json(text, URL), cap, why)
    yield _of(feed_dates.moment, cap, why, (Hostile("zones", "GMT+8", "1 Jan 2024 "), Hostile("commas", "Mon, ")))
    yield Probe(
        "news.sources.baidu_news.when",
        lambda text: baidu_news.when(text, NOW),
        5000,
        "a result's box",
        (Hostile("clocks", "今天 1:"), Hostile("ago", "12 ")),
    )
    yield _of(
        page.check_selector,
        300,
        "PageOptions",
        (Hostile("selectors", ":not("), Hostile("attributes", "[a="), Hostile("commas", "a,")),
    )
    yield Probe("news.sources.page_json.documents", lambda text: list(page_json.documents(text)), cap, why, LISTS)
    yield Probe("news.sources.reasons.words", lambda text: reasons.words(text), 4000, "Source.error")
    yield _of(soup.soup_of, cap, why, LISTS)
    yield _of(whole.is_whole, cap, why, TAGS)
    yield Probe("news.sources.whole.is_cut_evenly", lambda text: whole.is_cut_evenly([text] * 4), cap // 4, why, TAGS)
    yield _of(whole.plain, cap, why, TAGS)
    yield _of(xml.parse, cap, why, FEEDS)
    yield _of(xml.printable, cap, why)
    yield Probe(
        "news.sources.opml.load", lambda text: opml.load(_bytes(text)), opml.MAX_BYTES, "MAX_BYTES", (*FEEDS, *OUTLINES)
    )


def _reading(reader: base.Kind, options: dict[str, object]) -> Callable[[str], object]:
    return lambda text: reader.read(text, URL, options)


def _whole_reading(text: str) -> object:
    return base.read(KINDS["links"], _bytes(text), url=URL, options={})


def _network() -> Iterator[Probe]:
    header = "HEAD_BYTES"
    rules = (
        Hostile("wildcards", "*a", "User-agent: *\nDisallow: /"),
        Hostile("rules", "Disallow: /a*b\n", "User-agent: *\n"),
        Hostile("agents", "User-agent: a\n"),
        Hostile("delays", "Crawl-delay: 1\n", "User-agent: *\n"),
        Hostile("percent signs", "%41", "User-agent: *\nDisallow: /"),
        Hostile("colons", "a:"),
        Hostile("comments", "#"),
        Hostile("sitemaps", "Sitemap: a\n"),
    )
    yield Probe("news.robots.check", _robots, robots.LARGEST, "robots.LARGEST", rules)
    yield _of(robots.address, 2083, "MAX_URL")
    yield Probe(
        "news.http.retry.retry_after",
        retry.retry_after,
        HEADER,
        header,
        (Hostile("dates", "Mon, 1 Jan "), Hostile("zones", "+0800"), Hostile("comments", "(")),
    )
    yield Probe(
        "news.http.content.check_declared", lambda text: content.check_declared(text, content.PAGES), HEADER, header
    )
    yield Probe(
        "news.http.content.check_body",
        lambda text: content.check_body(_bytes(text), content.PAGES),
        settings.CRAWL_MAX_BYTES,
        "CRAWL_MAX_BYTES",
    )
    hosts = (
        Hostile("labels", "a."),
        Hostile("xn--", "xn--a."),
        Hostile("hexadecimal", "0x7f."),
        Hostile("colons", ":", "["),
        Hostile("Han", "例"),
    )
    yield _of(names.host_of, 2083, "MAX_URL", hosts)
    yield _of(names.is_address, 2083, "MAX_URL", hosts)
    yield _of(http_addresses.is_public, 2083, "MAX_URL", hosts)
    yield Probe("news.http.guard.Guard.check", lambda text: Guard().check("http://" + text), HEADER, header, hosts)
    target = Guard().check(URL)
    yield Probe(
        "news.http.redirect.follow",
        lambda text: redirect.follow(Guard(), target, text, lambda host: True),
        HEADER,
        header,
        (*hosts, Hostile("dots", "../"), Hostile("slashes", "/"), Hostile("dot segments", "a/..;/")),
    )
    request = RequestFactory()
    yield Probe(
        "digest.network.network",
        lambda text: network.network(request.get("/", headers={"X-Forwarded-For": text})),
        HEADER,
        "a request line",
    )
    yield _of(
        addresses.normalise,
        5000,
        "SubscribeForm",
        (Hostile("labels", "a.", "a@"), Hostile("dots", "a.", ""), Hostile("Han", "例", "a@")),
    )
    yield from _requests()
    yield _of(addresses.folded, addresses.LONGEST, "LONGEST")
    yield _of(addresses.is_role, addresses.LONGEST, "LONGEST")


def _requests() -> Iterator[Probe]:
    """As bytes arrive: a header one byte at a time, a body in what one call of recv gives."""
    limits = Limits()
    head = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    headers = (
        Hostile("header lines", "A: b\r\n", "GET / HTTP/1.1\r\n"),
        Hostile("a long path", "/%2e", "GET /"),
        Hostile("folded header lines", " a\r\n", "GET / HTTP/1.1\r\nA: b\r\n"),
        Hostile("blanks in a header", " ", "GET / HTTP/1.1\r\nA:", "b\r\n\r\n"),
        Hostile("blanks in a folded header", "\r\n ", "GET / HTTP/1.1\r\nA:", "b\r\n\r\n"),
        Hostile("blanks and words", "b ", "GET / HTTP/1.1\r\nA:", "\x00\r\n\r\n"),
        Hostile("one header many times", "Host: a\r\n", "GET / HTTP/1.1\r\n", "\r\n"),
        Hostile("encodings", "chunked,", "POST / HTTP/1.1\r\nTransfer-Encoding: ", "\r\n\r\n"),
        Hostile("a whole header", "A: b\r\n", "GET / HTTP/1.1\r\n", "\r\n"),
    )
    chunks = (
        Hostile("chunks of one byte", "1\r\na\r\n"),
        Hostile("line breaks for chunks", "\r\n"),
        Hostile("chunk extensions", "1;a=b\r\na\r\n"),
        Hostile("small chunks", "100\r\n" + "a" * 256 + "\r\n"),
        Hostile("larger chunks", "200\r\n" + "a" * 512 + "\r\n"),
        Hostile("a long chunk size", "0"),
        Hostile("a long trailer", "A: b\r\n", "0\r\n"),
    )
    why = "Limits.upload_bytes"
    yield Probe("digest.web.request.Request.received", partial(_received, "", 1), limits.header_bytes, HEADERS, headers)
    begin = f"POST /admin/ HTTP/1.1\r\n{head}"
    body = partial(_received, begin, 32 * 1024)
    yield Probe("digest.web.request.Request.received", body, limits.upload_bytes, why, chunks, "chunks")
    begin = "POST /admin/ HTTP/1.1\r\nHost: a\r\nContent-Length: 13631488\r\n\r\n"
    body = partial(_received, begin, 32 * 1024)
    yield Probe("digest.web.request.Request.received", body, limits.upload_bytes, why, (), "a length")
    whole = partial(_parsed, Request(adjustments(limits)))
    yield Probe("digest.web.request.Request.parse_header", whole, limits.header_bytes, HEADERS, headers)
    yield _of(limits.max_body, limits.header_bytes, HEADERS)


HEADERS = "Limits.header_bytes"


def _received(begin: str, at_once: int, text: str) -> object:
    request, data, at = Request(adjustments(Limits())), (begin + text).encode("utf-8", "replace"), 0
    try:
        while at < len(data) and not request.completed:
            at += request.received(data[at : at + at_once])
    finally:
        request.close()
    return request


def _parsed(request: Request, text: str) -> object:
    request.headers = {}
    request.parse_header(text.encode("utf-8", "replace"))
    return request.headers


def _robots(text: str) -> object:
    host = Host(name="a.cn", robots_status=200, robots_text=text)
    robots.check(host, "https://a.cn/" + "a" * 2000)
    return None


RUNNING = (
    Hostile("stops", "。”"),
    Hostile("quotes behind stops", "。\"'"),
    Hostile("exclamation marks", "!?"),
    Hostile("initials", "ab. A"),
    Hostile("works", "《"),
    Hostile("open works", "《啊"),
    Hostile("addresses", "https://a"),
    Hostile("slashes", "https://////"),
    Hostile("numbers with dots", "1.1"),
    Hostile("ligatures", "\ufdfa"),
    Hostile("combining marks", "\u0301"),
    Hostile("marks out of order", "\u0301\u0316", "a"),
    Hostile("marks that become marks", "\u0f73\u0f75\uff9e\u0301", "a"),
    Hostile("joined names", "a-"),
    Hostile("names with versions", "yolov5"),
    Hostile("letters before a v", "vvv"),
    Hostile("Han numbers", "一二三"),
    Hostile("one character", "中"),
    Hostile("traditional", "龍體學"),
    Hostile("rare Han", "\U00020000"),
    Hostile("emoji", "👩‍👩‍👧"),
    Hostile("Thai", "กำ"),
    Hostile("sharp s", "ß"),
)
ARTICLE = "clean.MAX_TEXT"
ITEM = "LARGEST_BYTES of a past issue"  # the longest text of an item that no editor wrote


def _texts() -> Iterator[Probe]:
    cap = clean.MAX_TEXT
    for function in (
        text.visible,
        text.folded,
        text.normalise,
        text.simplified,
        text.sentences,
        text.shingles,
        text.search_terms,
    ):
        yield _of(function, cap, ARTICLE, RUNNING)
    yield _of(changes.text_hash, cap, ARTICLE, RUNNING)
    yield Probe("news.changes.differs", lambda given: changes.differs(given, given[1:] + "1"), cap, ARTICLE, RUNNING)
    yield Probe("news.changes.compare", lambda given: changes.compare(given, given[::-1]), cap, ARTICLE, RUNNING)
    yield Probe(
        "news.changes.compare", lambda given: changes.compare(given, given[3:]), cap, ARTICLE, RUNNING, "shifted"
    )
    yield Probe(
        "news.embed.base.article_text", lambda given: embed_base.article_text(given[:TITLE], given), cap, ARTICLE
    )
    yield _of(embed_base.fingerprint, cap, ARTICLE)
    extractive = Extractive()
    yield Probe(
        "news.summarise.extractive.Extractive.summarise",
        lambda given: extractive.summarise(given[:TITLE], given),
        cap,
        ARTICLE,
        RUNNING,
    )
    yield Probe(
        "news.summarise.pairs.pair_vectors",
        lambda given: pairs.pair_vectors([given], given[:TITLE]),
        cap,
        ARTICLE,
        RUNNING,
    )
    yield _of(
        unfit.unfit,
        cap,
        ARTICLE,
        (*RUNNING, Hostile("mail", "a.", "a@"), Hostile("promotion", "点击关"), Hostile("labels", "a-a.")),
    )
    yield Probe("news.topics.words.words_of", lambda given: words.words_of(given[:TITLE], given), cap, ARTICLE, RUNNING)
    yield Probe("news.topic_scores.term_pattern", lambda given: term_pattern(given), 200, "a topic's term")


def _names() -> Iterator[Probe]:
    cap = clean.MAX_TEXT
    own = (
        *RUNNING,
        Hostile("known names", "Qwen3"),
        Hostile("ambiguous names", "可灵北大算能"),
        Hostile("repositories", "github.com/a/b "),
        Hostile("arXiv", "arXiv:2303.03378 "),
        Hostile("titles of papers", "论文《一二三四五六》"),
        Hostile("half titles", "论文《一二三四五"),
        Hostile("codes", "WTM2101芯片 "),
        Hostile("mail addresses", "a@a."),
        Hostile("hosts", "a.a."),
        Hostile("versions", "Qwen 3.5-Pro-"),
    )
    yield Probe("news.names.find.find", lambda given: find.find(given, _known()), cap, ARTICLE, own)
    for function in (fold.tokens, fold.seen, fold.key_of, fold.plain_width):
        yield _of(function, cap, ARTICLE, own)
    yield Probe(
        "news.names.lexicon.Lexicon.hits",
        lambda given: list(_known().lexicon.hits(given, fold.tokens(given))),
        cap,
        ARTICLE,
        own,
    )
    for pattern in (patterns.papers, patterns.repositories, patterns.titles, patterns.codes):
        yield Probe(
            f"news.names.patterns.{pattern.__name__}",
            partial(_listed, pattern),
            cap,
            ARTICLE,
            own,
        )
    yield Probe(
        "news.names.sense.within",
        lambda given: sense.within(given, _known().lexicon.hits(given, fold.tokens(given))),
        cap,
        ARTICLE,
        own,
    )
    yield Probe("news.names.file.free_slug", lambda given: file.free_slug(given, given, set()), 200, "Name.label")


@cache
def _known() -> find.Known:
    """The starter names, as the database would give them."""
    spellings: list[lexicon.Spelling] = []
    for number, (kind, told) in enumerate(starter.starter_names(), start=1):
        for given in dict.fromkeys(
            [told["label"], *told.get("also", []), *told.get("unsure", []), *told.get("exact", [])]
        ):
            spellings.append(
                lexicon.Spelling(
                    name_id=number,
                    label=told["label"],
                    kind=kind,
                    text=given,
                    key=fold.key_of(given),
                    is_ambiguous=given in told.get("unsure", []),
                    is_exact=given in told.get("exact", []),
                    context=("芯片",),
                )
            )
    return find.Known(lexicon.Lexicon(spellings), frozenset(), 1)


def _search() -> Iterator[Probe]:
    cap, why = QUERY_LENGTH, "QUERY_LENGTH"
    own = (*RUNNING, Hostile("phrases", "“a”"), Hostile("questions", "什么是"), Hostile("synonyms", "大模型 llm "))
    for function in (query.asked, query.match, query.weights):
        yield _of(function, cap, why, own)
    yield Probe("news.search.query.match_name", lambda given: query.match_name([given] * 10), 200, "Alias.text", own)
    yield Probe("news.search.synonyms.forms_in", lambda given: list(synonyms.forms_in(given)), cap, why, own)
    yield Probe(
        "news.search.snippet.snippet",
        lambda given: snippet(given, given[:cap]),
        past_issues_take.LARGEST_BYTES,
        ITEM,
        own,
    )
    yield Probe(
        "news.search.snippet.snippet",
        lambda given: snippet(given, "a b 今天"),
        past_issues_take.LARGEST_BYTES,
        ITEM,
        own,
        "short words",
    )
    yield _of(terms.folded, clean.MAX_TEXT, ARTICLE, own)
    yield _of(terms.terms, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield _of(terms.bigrams, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield _of(terms.parts, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield _of(terms.is_han, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield Probe(
        "news.search.vector.terms_for",
        lambda given: vector.terms_for(given[:TITLE], given, given[:200]),
        clean.MAX_TEXT,
        ARTICLE,
        own,
    )
    yield _of(vector.quoted, terms.TERM_LENGTH, "TERM_LENGTH", own)
    yield Probe("digest.briefings.search.shown.hit", _hit, past_issues_take.LARGEST_BYTES, ITEM, own)


def _lines(given: str) -> list[past_issues_lines.Line]:
    """As many as read_issue goes on with."""
    return past_issues_lines.read_lines(given)[: past_issues.MOST_LINES]


def _hit(given: str) -> object:
    item: Any = SimpleNamespace(headline=given[:300], text=given)
    return shown.hit(item, given[:QUERY_LENGTH])


def _stories() -> Iterator[Probe]:
    cap = clean.MAX_TEXT
    yield Probe(
        "news.stories.added.added", lambda given: added.added(given, [given[: len(given) // 2]]), cap, ARTICLE, RUNNING
    )
    yield _of(added.facts, cap, ARTICLE, RUNNING)
    yield Probe(
        "news.stories.followup.shared_names",
        lambda given: followup.shared_names(given, given[1:]),
        TITLE,
        "Article.title",
        RUNNING,
    )
    yield Probe(
        "news.stories.judge.title_share",
        lambda given: judge.title_share(given, given[1:]),
        TITLE,
        "Article.title",
        RUNNING,
    )
    yield Probe("news.stories.overlap.Told.of", overlap.Told.of, cap, ARTICLE, RUNNING)
    yield Probe(
        "news.stories.overlap.Told.from_sentences",
        lambda given: overlap.Told.from_sentences([given]).shingle_set,
        cap,
        ARTICLE,
        RUNNING,
    )
    yield Probe("news.stories.kinship.kinship", _kinship, cap, ARTICLE, RUNNING)
    yield _of(particulars.particulars, cap, ARTICLE, RUNNING)
    yield Probe("news.stories.retelling.alike", lambda given: retelling.alike(given, given[1:]), cap, ARTICLE, RUNNING)
    for function in (sketch.letters, sketch.hashes, sketch.asked_keys):
        yield _of(function, cap, ARTICLE, RUNNING)
    for each in (reading.read, reading.head):
        yield Probe(
            f"news.stories.pairs.reading.{each.__name__}",
            partial(_titled, each),
            cap,
            ARTICLE,
            RUNNING,
        )


def _kinship(given: str) -> object:
    one: Any = SimpleNamespace(title=given[:TITLE], text=given, account="a")
    other: Any = SimpleNamespace(title=given[1:TITLE], text=given[: len(given) // 2] + given[1:], account="b")
    return kinship.kinship(one, other)


MARKDOWN = (
    Hostile("links in brackets", "[", ""),
    Hostile("open links", "[a]("),
    Hostile("pictures", "![a](http://a.cn/b)"),
    Hostile("open pictures", "![", ""),
    Hostile("code", "`"),
    Hostile("codes of growing length", "`a``b```c"),
    Hostile("quotations", "> "),
    Hostile("nested quotations", ">"),
    Hostile("nested lists", "- "),
    Hostile("lists", "- a\n"),
    Hostile("tables", "|a|b|\n|-|-|\n"),
    Hostile("wide tables", "|a", ""),
    Hostile("rules", "***\n"),
    Hostile("headings", "# a\n"),
    Hostile("references", "[a]: b\n"),
    Hostile("tilde marks", "~~a"),
    Hostile("emphasis", "**中**"),
    Hostile("open emphasis", "*中 **文 "),
    Hostile("underscores", "_a "),
    Hostile("entities", "&#x41;&amp"),
    Hostile("autolinks", "<http://a"),
    Hostile("backslashes", "\\"),
    Hostile("bare links", "http://a.cn/"),
    Hostile("fences", "```\n"),
    Hostile("indented", "    a\n"),
)
ISSUES = (
    Hostile("items", "## 1. [a](http://a.cn/) | b\n"),
    Hostile("plain items", "1. a\n原文链接：http://a.cn/\n"),
    Hostile("lists of others", "其他\n"),
    Hostile("lists", "# 其他\n- [a](http://a.cn/)\n"),
    Hostile("addresses", "http://a.cn/\n"),
    Hostile("rules", "---\n"),
    Hostile("long rules", "- ", ""),
    Hostile("bars", "# a |"),
    Hostile("many bars", "|", "# "),
    Hostile("pictures", "![a](b)\n"),
    Hostile("half pictures", "![a"),
    Hostile("img tags", "<img "),
    Hostile("fences", "```\n"),
    Hostile("blanks in a heading", " ", "# a"),
    Hostile("closing marks", " #", "# a"),
    Hostile("papers", "- 《a》\n"),
    Hostile("half papers", "- 《a"),
    Hostile("redirects", "https://link.zhihu.com/?target=", "# [a]("),
    Hostile("days", "2024年01月"),
    Hostile("escapes", "\\", "# ["),
    Hostile("escaped brackets", "\\[", "# ["),
    Hostile("half a picture's target", "![](", "# "),
    Hostile("blanks within a heading", " ", "# a", "b"),
    Hostile("blanks before closing marks", " " * 99 + "# ", "# a"),
    Hostile("nested brackets", "[a[b]", "# "),
)


def _paper() -> Iterator[Probe]:
    why, cap = ITEM, past_issues_take.LARGEST_BYTES
    for function in (markdown.to_html, markdown.to_letter, markdown.images, markdown.plain, markdown.clean):
        own = TAGS if function is markdown.clean else MARKDOWN
        yield _of(function, cap, why, own)
    for filter_ in (prose.prose, prose.letter_prose, prose.plain, prose.visible):
        yield _of(filter_, cap, why, MARKDOWN)
    yield Probe("digest.briefings.markdown.find", lambda given: markdown.find(given, []), 2000, "Item.url")
    yield _of(markdown.key_in_text, cap, why)
    issue, limit = past_issues_take.LARGEST_BYTES, "LARGEST_BYTES"
    yield Probe(
        "digest.briefings.past_issues_take.read_file",
        lambda given: past_issues_take.read_file("a", _bytes(given)[:issue]),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    yield Probe(
        "digest.briefings.past_issues.read_issue",
        lambda given: past_issues.read_issue("20240101", given),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    for each in (past_issues_heading.read_heading, past_issues_heading.is_list_name, past_issues_heading.link_in,
                 past_issues_heading.address, past_issues_heading.clean_title):  # fmt: skip
        yield _of(each, issue, limit, (*ISSUES, *MARKDOWN))
    yield _of(past_issues_lines.read_lines, issue, limit, (*ISSUES, *MARKDOWN))
    lines = _lines
    yield Probe(
        "digest.briefings.past_issues_body.extras_of",
        lambda given: past_issues_body.extras_of(lines(given), ""),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    heading = past_issues_heading.Heading("a", 1)
    yield Probe(
        "digest.briefings.past_issues_body.read_body",
        lambda given: past_issues_body.read_body(heading, lines(given), "", 1, True),
        issue,
        limit,
        (*ISSUES, *MARKDOWN),
    )
    yield _of(feed_formats.xml_safe, cap, why)
    yield Probe(
        "digest.briefings.memory_match.copied",
        lambda given: memory_match.copied(given, given[1:]),
        clean.MAX_TEXT,
        ARTICLE,
        RUNNING,
    )
    yield Probe("digest.briefings.metadata.reading_minutes", lambda given: metadata.reading_minutes([given]), cap, why)
    yield _of(wording.one_line, 2000, "OfferForm.message")
    yield _of(wording.plain, 2000, "OfferForm.message")
