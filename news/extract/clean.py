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

_INLINE = set("a b strong i em code kbd samp sub sup s strike del br img".split())
_BLOCKS = set(
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table thead tbody tfoot tr td th caption figure figcaption dl dt dd hr".split()
)
_BOXES = set(
    "div section article main header footer aside center address nav body html fieldset details summary form hgroup".split()
)
_LEFT_OUT = set(
    "script style noscript template iframe object embed applet video audio canvas map input textarea select option button"
    " link meta base title head frame frameset noframes noembed plaintext xmp mpvoice qqmusic mpcpc mpprofile mpvideosnap"
    " mpvideo".split()
)
_CLEANER = nh3.Cleaner(
    tags=_INLINE | _BLOCKS,
    attributes={"a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
    clean_content_tags={"script", "style", "noscript", "template", "iframe", "object", "title", "textarea", "xmp", "select"},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow ugc",
    strip_comments=True,
)


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
    root = parse(markup)
    walk = _Walk(base)
    walk.over(root)
    return Body(_safe(root), _lines("".join(walk.text)), walk.images, walk.hidden)


def _safe(root: HtmlElement) -> str:
    markup = lxml_html.tostring(root, encoding="unicode")
    return _EMPTY.sub("", _CLEANER.clean(visible(markup))).strip()


_EMPTY = re.compile(r"<(p|li|h[1-6]|figcaption)>(?:\s|&nbsp;|<br>)*+</\1>")

_SOFT = "\x1f"  # stands for white space with a line break in it, until its neighbours are known
_BREAK = re.compile(r"[^\S\n]*\n\s*")
_SPACE = re.compile(r"[^\S\n\x1f]+")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}，。！？；：、”）》」])[ \x1f]*\x1f[ \x1f]*(?=[{HAN}，。！？；：、“（《「])")


def _lines(text: str) -> str:
    """One paragraph a line. A line break that markup had between two Han characters was no space to the reader."""
    lines = (_BETWEEN_HAN.sub("", line).replace(_SOFT, " ").strip() for line in text.split("\n"))
    return "\n".join(" ".join(line.split()) for line in lines if line)


@dataclass
class _Walk:
    """Depth first, without recursion: gathers text, prunes, renames, and refuses what is nested too deep."""

    base: str
    text: list[str] = field(default_factory=list)
    images: int = 0
    hidden: int = 0
    _doomed: list[HtmlElement] = field(default_factory=list)
    _preformatted: int = 0

    def over(self, root: HtmlElement) -> None:
        open_: list[tuple[HtmlElement, Iterator[HtmlElement], bool, bool]] = []  # element, children, sizeless, in line
        self._enter(root, open_, False)
        while open_:
            element, children, sizeless, _ = open_[-1]
            child = next(children, None)
            if child is None:
                self._leave(*open_.pop())
            elif self._is_out(child):
                self._doomed.append(child)
            else:
                self._enter(child, open_, sizeless)
                continue
            around = open_[-1] if open_ else None
            if around is not None:
                self._say((child if child is not None else element).tail, around[2])
        for element in self._doomed:
            element.drop_tree()

    def _is_out(self, element: HtmlElement) -> bool:
        if not isinstance(element.tag, str) or element.tag in _LEFT_OUT or element.tag.startswith("mp-"):
            return True
        if is_gone(element):
            self.hidden += len("".join("".join(element.itertext()).split()))
            return True
        return is_widget(element)

    def _enter(self, element: HtmlElement, open_: list, sizeless: bool) -> None:
        if len(open_) >= MAX_DEPTH:
            raise Unreadable("unavailable", "too_deep")
        tag = element.tag
        sizeless = has_no_size(element, sizeless)
        open_.append((element, iter(element), sizeless, tag not in _BLOCKS and tag not in _BOXES))
        if tag in _BLOCKS or tag in _BOXES:
            self.text.append("\n")
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
        self._say(element.text, sizeless)

    def _leave(self, element: HtmlElement, _children: object, _sizeless: bool, inline: bool) -> None:
        if inline:
            return
        self._preformatted -= element.tag == "pre"
        self.text.append(" " if element.tag in ("td", "th") else "\n")
        if element.tag in _BOXES and element.getparent() is not None:
            element.tag = "section" if any(child.tag in _BLOCKS or child.tag == "section" for child in element) else "p"

    def _say(self, text: str | None, sizeless: bool) -> None:
        if not text:
            return
        if sizeless:
            self.hidden += len("".join(text.split()))
        elif self._preformatted:
            self.text.append(visible(text))
        else:
            self.text.append(_SPACE.sub(" ", _BREAK.sub(_SOFT, visible(text))))

    def _own_line(self, element: HtmlElement) -> None:
        """WeChat's code blocks hold one <code> a line."""
        before = element.getprevious()
        if before is not None and before.tag == "code":
            before.tail = (before.tail or "").rstrip() + "\n"
            self.text.append("\n")

    def _picture(self, element: HtmlElement) -> None:
        """The address is in data-src while src holds a placeholder; some savers moved it elsewhere."""
        names = ("data-src", "data-original", "data-croporisrc", "data-lazy-src", "data-url", "src", "data-backsrc")
        given = [element.get(name, "").strip() for name in names]
        address = next((value for value in given if value and not value.startswith("data:")), "")
        element.set("src", address)
        _absolute(element, "src", self.base)
        self.images += bool(address)
        if "src" not in element.attrib or {element.get("width"), element.get("height")} <= {"0", "1", "0px", "1px"}:
            self._doomed.append(element)


def _absolute(element: HtmlElement, name: str, base: str) -> None:
    """An address with its scheme, or none at all: what is relative to nothing leads nowhere."""
    address = element.get(name, "").strip()
    try:
        address = urljoin(base, address) if base else ("https:" + address if address.startswith("//") else address)
    except ValueError:
        address = ""
    if re.match(r"(?i)https?://[^/]|mailto:[^/]", address):
        element.set(name, re.sub(r"(?i)^http://(?=[\w.-]+\.(?:qpic\.cn|qlogo\.cn|bdstatic\.com|bdimg\.com)/)", "https://", address))
    elif name in element.attrib:
        del element.attrib[name]
