"""The body of a page made plain and safe: headings, lists, code, tables, quotes, pictures and links stay.

The walk takes the text and prunes what is not the author's; nh3, the allow-list, goes over the result last.
"""

import re
from dataclasses import dataclass

import nh3
from lxml import html as lxml_html
from lxml.html import HtmlElement

from news.extract.base import Unreadable
from news.extract.markup import parse
from news.extract.walk import BLOCKS, INLINE, SOFT, Walk, soften
from news.text import HAN, visible

MAX_CHARACTERS = 2 * 1024 * 1024
MAX_TEXT = 100_000
"""Characters of text: the longest article of the corpus has 32,584, and every later step reads all of it. A longer one
is dropped with the reason too_large, never cut."""

_CLEANER = nh3.Cleaner(
    tags=INLINE | BLOCKS,
    attributes={"a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
    clean_content_tags={
        "script", "style", "noscript", "template", "iframe", "object", "title", "textarea", "xmp", "select",
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow ugc",
    strip_comments=True,
)  # fmt: skip


@dataclass(frozen=True)
class Body:
    """A cleaned body: `html` to show, `text` with one paragraph a line, how many pictures, how much was hidden."""

    html: str
    text: str
    images: int
    hidden: int


def sanitise(markup: str, base: str = "") -> str:
    """HTML of any origin reduced to the allow-list: no script, style, class, id or scheme but http, https, mailto.

    Cleaning twice changes nothing. Raises Unreadable beyond the caps on size and nesting.
    """
    found = body(markup, base).html
    for _ in range(4):  # text that a table or form cannot hold moves out of it, and is then a paragraph
        before, found = found, body(found, base).html
        if found == before:
            break
    return found


def body(markup: str, base: str = "") -> Body:
    """A piece of a page, cleaned; links and pictures made absolute against `base`.

    Raises Unreadable("unavailable", "too_large" | "too_deep") before any step that would be slow on such a page.
    """
    if len(markup) > MAX_CHARACTERS:
        raise Unreadable("unavailable", "too_large")
    root, walk = _walked(markup, base)
    if sum(map(len, walk.text)) > 2 * MAX_TEXT:
        raise Unreadable("unavailable", "too_large")
    if walk.hidden and not (walk.images or "".join(walk.text).strip()):
        root, walk = _walked(markup, base, revealed=True)  # hidden as a whole: a script of the site shows it
    text = _lines("".join(walk.text))
    if len(text) > MAX_TEXT:
        raise Unreadable("unavailable", "too_large")
    return Body(_safe(root), text, walk.images, walk.hidden)


def _walked(markup: str, base: str, revealed: bool = False) -> tuple[HtmlElement, Walk]:
    root, walk = parse(markup), Walk(base, revealed)
    walk.over(root)
    return root, walk


def outer(element: HtmlElement) -> str:
    """An element of a parsed body as HTML again."""
    return str(lxml_html.tostring(element, encoding="unicode"))


def _safe(root: HtmlElement) -> str:
    markup = _CLEANER.clean(visible(lxml_html.tostring(root, encoding="unicode")))
    return "".join(part if part.startswith("<pre") else _tight(part) for part in _PRE.split(markup)).strip()


def _tight(markup: str) -> str:
    """Without the white space of pretty-printed pages and the boxes that cleaning left empty."""
    markup = _joined(soften(markup)).replace(SOFT, "\n")
    for _ in range(4):  # a box is empty once the boxes in it are gone
        markup = _EMPTY.sub("", markup)
    return _AROUND_BLOCK.sub(r"\1", markup)


_PRE = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_EMPTY = re.compile(
    r"<(p|li|h[1-6]|figcaption|figure|a|strong|em|b|i|blockquote)(?: [^<>]*)?>(?:\s|&nbsp;|<br>)*+</\1>"
)
_AROUND_BLOCK = re.compile(rf"\s*(</?(?:{'|'.join(sorted(BLOCKS))})(?: [^<>]*)?>)\s*")

# A line break of pretty-printed markup between two Han characters was no space to the reader.
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}，。！？；：、”）》」])[ {SOFT}]++(?=[{HAN}，。！？；：、“（《「])")


def _joined(text: str) -> str:
    return _BETWEEN_HAN.sub(lambda run: "" if SOFT in run[0] else run[0], text) if SOFT in text else text


def _lines(text: str) -> str:
    """One paragraph a line."""
    lines = (_joined(line).replace(SOFT, " ").strip() for line in text.split("\n"))
    return "\n".join(" ".join(line.split()) for line in lines if line)
