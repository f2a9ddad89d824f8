"""Pages of articles, and their pictures."""

from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings

from benchmarks.cost.hostile import TAGS, Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.calls import as_bytes, of, swapped
from benchmarks.cost.registry.caps import HEADER, LINK, NOW, TITLE, URL
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
from news.management.commands import extract as extract_command
from news.pictures import raster
from news.pictures.register import sources as picture_sources

WHOLE = "</body></html>"


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


def probes() -> Iterator[Probe]:
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
    yield Probe("news.extract.charset.decode", lambda text: charset.decode(as_bytes(text)), page, why)
    yield Probe(
        "news.extract.charset.decode",
        lambda text: charset.decode(as_bytes(text) + b"\xff\xfe\x80"),
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
        yield Probe(f"{site.__name__}.recognises", partial(swapped, site.recognises, ""), page, why, TAGS)
        yield Probe(f"{site.__name__}.read", partial(swapped, site.read, URL), page, why, TAGS)
    yield Probe(
        "news.extract.wechat_source.Source.address",
        lambda text: wechat_source.Source("").address(text),
        LINK,
        "canonicalise",
    )
    yield Probe("news.extract.clean.sanitise", lambda text: sanitise(text, URL), body, "MAX_CHARACTERS", TAGS)
    yield Probe("news.extract.clean.body", lambda text: clean.body(text, URL), body, "MAX_CHARACTERS", TAGS)
    yield of(walk.soften, body, "MAX_CHARACTERS", TAGS)
    for function in (markup.ended, markup.is_document, markup.metas, markup.refuse_flood, markup.without_scripts):
        yield of(function, page, why, TAGS)
    yield of(markup.parse, body, "MAX_CHARACTERS", TAGS)
    yield of(markup.words, body, "MAX_CHARACTERS", TAGS)
    yield Probe("news.extract.markup.tags", lambda text: list(markup.tags(text, markup._META)), page, why, TAGS)
    yield Probe("news.extract.markup.openings", lambda text: list(markup.openings(text, "time")), page, why, TAGS)
    yield Probe("news.extract.markup.lean", lambda text: markup.lean(as_bytes(text)), page, why, TAGS)
    for name, value in (("id", "js_content"), ("class", "rich_media_content")):
        yield Probe("news.extract.markup.opening", _opening(name, value), page, why, TAGS, name)
    yield Probe("news.extract.markup.cut", _cut, page, why, TAGS)
    yield Probe("news.extract.markup.cut_body", partial(_cut, cut=markup.cut_body), page, why, TAGS)
    yield Probe("news.extract.markup.assigned", lambda text: markup.assigned(text, "msg_title"), page, why, TAGS)
    yield of(states.notice, page, why, TAGS)
    yield of(states.boxed_notice, page, why, TAGS)
    yield of(states.unknown_notice, page, why, TAGS)
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
    yield of(dates.from_epoch, page, why)
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
        "news.extract.saved.open_saved", lambda text: saved.open_saved(as_bytes(text)), saved.MAX_IN, "MAX_IN", archive
    )
    yield Probe(
        "news.extract.saved.is_saved_page",
        lambda text: saved.is_saved_page(as_bytes(text), ""),
        saved.MAX_IN,
        "MAX_IN",
        archive,
    )
    yield Probe(
        "news.extract.saved.is_archive", lambda text: saved.is_archive(as_bytes(text)), saved.MAX_IN, "MAX_IN", archive
    )
    yield Probe(
        "news.management.commands.extract.page_of",
        lambda text: extract_command.page_of(as_bytes(text), "a.html"),
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
    yield Probe("news.pictures.raster.kind_of", lambda text: raster.kind_of(as_bytes(text)), page, why, RASTERS)
    yield Probe(
        "news.pictures.raster.rewrite",
        lambda text: raster.rewrite(text.encode("latin-1", "replace")),
        page,
        why,
        RASTERS,
    )


def _in_page(begin: str, end: str, url: str) -> Callable[[str], object]:
    """A reading of a page that holds the text; with its marks it stays within the cap in bytes."""

    def run(text: str) -> object:
        room = settings.CRAWL_MAX_BYTES - len(as_bytes(begin + end))
        return read_page(as_bytes(begin) + as_bytes(text)[:room] + as_bytes(end), url=url, content_type="text/html")

    return run


def _entry(text: str) -> bytes:
    return as_bytes(base_json({"title": text[:TITLE], "html": text, "url": URL}))


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
