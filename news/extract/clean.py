"""The body of a page made plain and safe: headings, lists, code, tables, quotes, pictures and links stay.

One walk over the tree takes the text and prunes what is not the author's; nh3 goes over the result last.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

import nh3
from lxml import html as lxml_html
from lxml.html import HtmlElement

from news.extract.base import Unreadable
from news.extract.markup import parse
from news.extract.sight import has_no_size, is_gone, is_widget
from news.text import HAN, visible

MAX_CHARACTERS = 2 * 1024 * 1024
MAX_DEPTH = 256  # nh3 is quadratic on nesting: 100,000 nested tags hold it for 40 s

_INLINE = {
    "a", "b", "strong", "i", "em", "code", "kbd", "samp", "sub", "sup", "s", "strike", "del", "br", "img",
}  # fmt: skip
_BLOCKS = {
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
_CLEANER = nh3.Cleaner(
    tags=_INLINE | _BLOCKS,
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
    return body(markup, base).html


def body(markup: str, base: str = "") -> Body:
    """A piece of a page, cleaned; links and pictures made absolute against `base`.

    Raises Unreadable("unavailable", "too_large" | "too_deep") before any step that would be slow on such a page.
    """
    if len(markup) > MAX_CHARACTERS:
        raise Unreadable("unavailable", "too_large")
    root, walk = _walked(markup, base)
    if walk.hidden and not (walk.images or "".join(walk.text).strip()):
        root, walk = _walked(markup, base, revealed=True)  # hidden as a whole: a script of the site shows it
    return Body(_safe(root), _lines("".join(walk.text)), walk.images, walk.hidden)


def _walked(markup: str, base: str, revealed: bool = False) -> tuple[HtmlElement, "_Walk"]:
    root, walk = parse(markup), _Walk(base, revealed)
    walk.over(root)
    return root, walk


def _safe(root: HtmlElement) -> str:
    markup = _CLEANER.clean(visible(lxml_html.tostring(root, encoding="unicode")))
    return "".join(part if part.startswith("<pre") else _tight(part) for part in _PRE.split(markup)).strip()


def _tight(markup: str) -> str:
    """Without the white space of pretty-printed pages and the boxes that cleaning left empty."""
    markup = _BETWEEN_HAN.sub("", _BREAK.sub(_SOFT, markup)).replace(_SOFT, "\n")
    for _ in range(4):  # a box is empty once the boxes in it are gone
        markup = _EMPTY.sub("", markup)
    return _AROUND_BLOCK.sub(r"\1", markup)


_PRE = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_EMPTY = re.compile(
    r"<(p|li|h[1-6]|figcaption|figure|a|strong|em|b|i|blockquote)(?: [^<>]*)?>(?:\s|&nbsp;|<br>)*+</\1>"
)
_AROUND_BLOCK = re.compile(rf"\s*(</?(?:{'|'.join(sorted(_BLOCKS))})(?: [^<>]*)?>)\s*")

_SOFT = "\x1f"  # stands for white space with a line break in it, until its neighbours are known
_BREAK = re.compile(r"[^\S\n]*\n\s*")
_SPACE = re.compile(r"[^\S\n\x1f]+")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}，。！？；：、”）》」])[ \x1f]*\x1f[ \x1f]*(?=[{HAN}，。！？；：、“（《「])")


def _lines(text: str) -> str:
    """One paragraph a line. A line break that markup had between two Han characters was no space to the reader."""
    lines = (_BETWEEN_HAN.sub("", line).replace(_SOFT, " ").strip() for line in text.split("\n"))
    return "\n".join(" ".join(line.split()) for line in lines if line)


@dataclass(frozen=True)
class _Open:
    """An element that the walk is inside of, under the name it came with."""

    element: HtmlElement
    tag: str
    children: Iterator[HtmlElement]
    sizeless: bool


@dataclass
class _Walk:
    """Depth first, without recursion: gathers text, prunes, renames, and refuses what is nested too deep."""

    base: str
    revealed: bool = False
    text: list[str] = field(default_factory=list)
    images: int = 0
    hidden: int = 0
    _doomed: list[HtmlElement] = field(default_factory=list)
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
                self._doomed.append(child)
                self._follow(child, open_)
            else:
                self._enter(child, open_)
        for element in self._doomed:
            element.drop_tree()

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
        if tag in _BLOCKS or tag in _BOXES:
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
        elif tag not in _INLINE:
            element.tag = "span"  # unknown, SVG and MathML names: their text stays, their name space does not
        if element.text and not self._say(element.text, sizeless):
            element.text = None

    def _leave(self, left: "_Open") -> None:
        if left.tag not in _BLOCKS and left.tag not in _BOXES:
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
            self.text.append(_SPACE.sub(" ", _BREAK.sub(_SOFT, visible(text))))
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
        address = next((value for value in given if value and not value.startswith("data:")), "")
        element.set("src", address)
        _absolute(element, "src", self.base)
        self.images += bool(address)
        if "src" not in element.attrib or {element.get("width"), element.get("height")} <= {"0", "1", "0px", "1px"}:
            self._doomed.append(element)


def _is_block(element: HtmlElement) -> bool:
    return element.tag in _BLOCKS or element.tag == "section"


def _wrap_loose(box: HtmlElement) -> None:
    """Text and inline elements that stand between the paragraphs of a box become paragraphs too."""
    children, loose = list(box), None
    if (box.text or "").strip():
        loose = box.makeelement("p")
        loose.text, box.text = box.text, None
        box.insert(0, loose)
    for child in children:
        if not _is_block(child):
            if loose is None:
                loose = box.makeelement("p")
                child.addprevious(loose)
            loose.append(child)
        elif (child.tail or "").strip():
            loose = box.makeelement("p")
            loose.text, child.tail = child.tail, None
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
