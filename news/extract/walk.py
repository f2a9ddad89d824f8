"""One walk over a parsed body: takes down its text, prunes what is not the author's, and renames its boxes.

Depth first and without recursion, so that nesting can be refused before anything costly meets it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml.html import HtmlElement

from news.extract.base import Unreadable
from news.extract.sight import has_no_size, is_gone, is_widget
from news.text import visible

MAX_DEPTH = 256  # nh3 is quadratic on nesting: 100,000 nested tags hold it for 40 s
SOFT = "\x1f"  # stands for white space with a line break in it, until its neighbours are known

INLINE = {
    "a", "b", "strong", "i", "em", "code", "kbd", "samp", "sub", "sup", "s", "strike", "del", "br", "img",
}  # fmt: skip
BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody",
    "tfoot", "tr", "td", "th", "caption", "figure", "figcaption", "dl", "dt", "dd", "hr",
}  # fmt: skip
_BOXES = {
    "div", "section", "article", "main", "header", "footer", "aside", "center", "address", "nav", "body",
    "html", "fieldset", "details", "summary", "form", "hgroup",
}  # fmt: skip
_LEFT_OUT = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "video", "audio",
    "canvas", "map", "input", "textarea", "select", "option", "button", "link", "meta", "base", "title", "head",
    "frame", "frameset", "noframes", "noembed", "plaintext", "xmp", "mpvoice", "qqmusic", "mpcpc", "mpprofile",
    "mpvideosnap", "mpvideo",
}  # fmt: skip

_WHITE = re.compile(r"\s++")


def soften(text: str) -> str:
    """Each run of white space as one blank, or as SOFT where it holds a line break."""
    return _WHITE.sub(lambda run: SOFT if "\n" in run[0] else " ", text)


@dataclass(frozen=True)
class _Open:
    """An element that the walk is inside of, under the name it came with."""

    element: HtmlElement
    tag: str
    children: Iterator[HtmlElement]
    sizeless: bool


@dataclass
class Walk:
    """Depth first, without recursion: gathers text, prunes, renames, and refuses what is nested too deep."""

    base: str
    revealed: bool = False
    text: list[str] = field(default_factory=list)
    images: int = 0
    hidden: int = 0
    _preformatted: int = 0

    def over(self, root: HtmlElement) -> None:
        open_: list[_Open] = []
        self._enter(root, open_)
        while open_:
            here = open_[-1]
            child = next(here.children, None)
            if child is None:
                self._leave(open_.pop())
                self._follow(here.element, open_)
            elif self._is_out(child):
                _empty(child)
                self._follow(child, open_)
            else:
                self._enter(child, open_)

    def _is_out(self, element: HtmlElement) -> bool:
        if not isinstance(element.tag, str) or element.tag in _LEFT_OUT or element.tag.startswith("mp-"):
            return True
        if is_gone(element, self.revealed):
            self.hidden += len("".join("".join(element.itertext()).split()))
            return True
        return is_widget(element)

    def _enter(self, element: HtmlElement, open_: "list[_Open]") -> None:
        if len(open_) >= MAX_DEPTH:
            raise Unreadable("unavailable", "too_deep")
        tag = element.tag
        sizeless = has_no_size(element, bool(open_) and open_[-1].sizeless)
        open_.append(_Open(element, tag, iter(element), sizeless))
        if tag in BLOCKS or tag in _BOXES:
            self.text.append(" " if tag in ("td", "th") else "\n")
            element.tag = "code" if tag == "pre" and self._preformatted else tag
            self._preformatted += tag == "pre"
        elif tag == "br" or (tag == "span" and element.get("class") == "bjh-br"):
            element.tag = "br"
            self.text.append("\n")
        elif tag == "img":
            self._picture(element)
        elif tag == "a":
            _absolute(element, "href", self.base)
        elif tag == "code" and self._preformatted:
            self._own_line(element)
        elif tag not in INLINE:
            element.tag = "span"  # unknown, SVG and MathML names: their text stays, their name space does not
        if element.text and not self._say(element.text, sizeless):
            element.text = None

    def _leave(self, left: "_Open") -> None:
        if left.tag not in BLOCKS and left.tag not in _BOXES:
            return
        element = left.element
        self._preformatted -= left.tag == "pre"
        self.text.append(" " if left.tag in ("td", "th") else "\n")
        if left.tag not in _BOXES or element.getparent() is None:
            return
        if any(_is_block(child) for child in element):
            element.tag = "section"
            _wrap_loose(element)
        else:
            element.tag = "p"

    def _follow(self, done: HtmlElement, open_: "list[_Open]") -> None:
        """The text behind an element belongs to the one around it."""
        if open_ and done.tail and not self._say(done.tail, open_[-1].sizeless):
            done.tail = None

    def _say(self, text: str, sizeless: bool) -> bool:
        """Take a text down, unless a reader would not see it."""
        if sizeless:
            self.hidden += len("".join(text.split()))
            return False
        if self._preformatted:
            self.text.append(visible(text))
        else:
            self.text.append(soften(visible(text)))
        return True

    def _own_line(self, element: HtmlElement) -> None:
        """WeChat's code blocks hold one <code> a line."""
        before = element.getprevious()
        if before is not None and before.tag == "code":
            before.tail = (before.tail or "").rstrip() + "\n"
            self.text.append("\n")

    def _picture(self, element: HtmlElement) -> None:
        """The address is in data-src while src holds a placeholder; some savers moved it elsewhere."""
        names = ("data-src", "data-original", "data-croporisrc", "data-lazy-src", "data-url", "src", "data-backsrc")
        given = [visible(element.get(name, "")).strip() for name in names]
        address = next((value for value in given if value and not _LOCAL.match(value)), "")
        element.set("src", address)
        _absolute(element, "src", self.base)
        self.images += bool(address) or "data:," in given  # what a saver packed into the page: news.extract.saved
        if (
            not address
            or "src" not in element.attrib
            or {element.get("width"), element.get("height")} <= {"0", "1", "0px", "1px"}
        ):
            _empty(element)


# Where no picture is to be had: in the page itself, or in the folder that a browser saved beside it.
_LOCAL = re.compile(r"data:|file:|blob:|cid:|(?:\./)?[^/:?]{1,200}_files/")


def _empty(element: HtmlElement) -> None:
    """Leave nothing of an element but its place; the text behind it stays."""
    element.clear(keep_tail=True)
    element.tag = "span"


def _is_block(element: HtmlElement) -> bool:
    return element.tag in BLOCKS or element.tag == "section"


def _wrap_loose(box: HtmlElement) -> None:
    """Text and inline elements that stand between the paragraphs of a box become paragraphs too."""
    children, loose = list(box), None
    if (box.text or "").strip():
        loose = box.makeelement("p")
        loose.text, box.text = visible(box.text), None
        box.insert(0, loose)
    for child in children:
        if not _is_block(child):
            if loose is None:
                loose = box.makeelement("p")
                child.addprevious(loose)
            loose.append(child)
        elif (child.tail or "").strip():
            loose = box.makeelement("p")
            loose.text, child.tail = visible(child.tail), None
            child.addnext(loose)
        else:
            loose = None


# Picture hosts that answer on both, but are often linked without TLS.
_SECURE = re.compile(r"(?i)^http://(?=[\w.-]+\.(?:qpic\.cn|qlogo\.cn|bdstatic\.com|bdimg\.com)/)")


def _absolute(element: HtmlElement, name: str, base: str) -> None:
    """An address with its scheme, or none at all: what is relative to nothing leads nowhere."""
    address = visible(element.get(name, "")).strip()
    try:
        address = urljoin(base, address) if base else ("https:" + address if address.startswith("//") else address)
    except ValueError:
        address = ""
    if re.match(r"(?i)https?://[^/]|mailto:[^/]", address):
        element.set(name, _SECURE.sub("https://", address))
    elif name in element.attrib:
        del element.attrib[name]
