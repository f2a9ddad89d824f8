"""What the rooms of the registry share: refusals, caps, and hostile text that more than one of them is given."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from waitress.parser import ParsingError, TransferEncodingNotImplemented

from benchmarks.cost.hostile import Hostile
from benchmarks.cost.measure import Probe
from news import canonical
from news.extract import literal, saved
from news.extract.base import Unreadable
from news.http import FetchError
from news.pictures import raster
from news.sources import base

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
NOW = datetime(2026, 8, 1, tzinfo=UTC)


PASTE = 200_000  # PasteForm.text; the form checks it


ARTICLE = "clean.MAX_TEXT"


ITEM = "LARGEST_BYTES of a past issue"  # the longest text of an item that no editor wrote


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


def swapped(function: Callable[[str, Any], object], second: object, given: str) -> object:
    return function(given, second)


def listed(function: Callable[[str], Iterable[object]], given: str) -> object:
    return list(function(given))


def titled(function: Callable[[str, str], object], given: str) -> object:
    return function(given[:TITLE], given)


def of(function: Callable[[str], object], cap: int, why: str, own: tuple[Hostile, ...] = ()) -> Probe:
    return Probe(f"{function.__module__}.{function.__qualname__}", function, cap, why, own)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
