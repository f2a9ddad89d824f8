"""Markdown, as editors and machines write it, to HTML that is safe on any page.

A picture is shown where it is one of those that the caller names, from our own address; any other leaves its alt text.

Two locks, one behind the other: the parser passes no HTML through, and nh3 keeps only what is on the list below.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

import nh3
from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from digest.briefings.emphasis import beside_han
from news.models import Picture
from news.pictures import PREFIX, attributes_of
from news.text import visible

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "blockquote", "ul", "ol", "li", "a", "strong", "em", "s", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td", "img"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height", "loading", "referrerpolicy"},
}
LETTER_WIDTH = 600  # pixels: no style of ours makes a picture fit in a letter or a feed
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "noopener nofollow"
LOWER_HEADING = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h5", "h5": "h5", "h6": "h5"}  # the page owns h1 and h2
# A bare address ends where its ASCII ends, because Chinese text goes on after it without a blank; and only whole
# addresses count: `model.py` is a file, though .py is Paraguay. (linkify-it would take both for links.)
BARE_LINK = re.compile(r"https?://[A-Za-z0-9\[](?:[!-~](?<![<>\"`]))*[A-Za-z0-9/#=&_%+~-]")


def to_html(text: str, pictures: Iterable[Picture] = ()) -> str:
    """The text as paragraphs, lists, quotes, tables and links, for this site's pages; never a script or a style.

    `pictures`: those that it may show. Their addresses have no host, so they hold under every name of the site.
    """
    here = rf'(<img src="){re.escape(settings.SITE_URL)}(?={PREFIX})'  # a "<" in a text or an attribute is escaped
    return re.sub(here, r"\1", clean(_rendered(text, pictures)))


def to_letter(text: str, pictures: Iterable[Picture] = ()) -> str:
    """The same for letters and feeds: pictures by their whole address, and no wider than a letter."""
    return clean(_rendered(text, pictures, LETTER_WIDTH))


def images(text: str) -> list[tuple[str, str]]:
    """What the text names as pictures, known or not: address and alt text, in its order."""
    tokens = (token for block in _parser().parse(visible(text), {"keep": True}) for token in block.children or [])
    return [(str(token.attrs.get("src", "")), token.content.strip()) for token in tokens if token.type == "image"]


def find(address: str, pictures: Iterable[Picture]) -> Picture | None:
    """Which of `pictures` an address in a text means: the site's own, or ours with or without its signature."""
    key = key_in_text(address)
    return next((one for one in pictures if one.key == key or (one.url and _normal(one.url) == address)), None)


def key_in_text(address: str) -> str:
    """The key in one of our own addresses; "" where it is none. A signature that the text holds may be an old one."""
    match = _OURS.fullmatch(address.removeprefix(settings.SITE_URL))
    return match[1] if match else ""


def _rendered(text: str, pictures: Iterable[Picture], widest: int | None = None) -> str:
    return str(_parser().render(visible(text), {"pictures": pictures, "widest": widest}))


def clean(html: str) -> str:
    """The HTML with nothing but what is on the list; a link of this site is written out, for mail and feeds."""
    base: tuple[Literal["rewrite_with_base"], str] = ("rewrite_with_base", settings.SITE_URL + "/")
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        url_relative=base,
    )


def _keep(tag: str, name: str, value: str) -> str | None:
    """No image but our own."""
    ours = value.removeprefix(settings.SITE_URL).startswith(PREFIX)
    return None if (tag, name) == ("img", "src") and not ours else value


def plain(text: str, length: int | None = None) -> str:
    """The words alone, on one line; cut to `length` characters, with an ellipsis, where that is given."""
    tokens = _parser().parse(visible(text))
    blocks = (_words(token.children or []) if token.type == "inline" else token.content for token in tokens)
    line = " ".join(" ".join(blocks).split())
    if length is None or len(line) <= length:
        return line
    return line[: length - 1].rstrip("，、；：,;: ") + "…"


_OURS = re.compile(rf"{PREFIX}([0-9a-f]{{64}})(?:\.[\w-]*)?", re.ASCII)


@cache
def _parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).use(beside_han)
    )
    parser.core.ruler.push("page_owns_headings", _lower_headings)
    parser.core.ruler.push("only_our_pictures", _our_pictures)
    parser.core.ruler.push("bare_links", _link_bare_addresses)
    return parser


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = LOWER_HEADING[token.tag]


def _our_pictures(state: StateCore) -> None:
    """A picture would be fetched from a stranger by every reader: it is one of ours, or the words that stand for it."""
    if not state.env.get("keep"):
        for block in state.tokens:
            if block.children is not None:
                block.children = [_picture_or_words(token, state.env) for token in block.children]


def _picture_or_words(token: Token, env: Any) -> Token:
    if token.type != "image":
        return token
    picture = find(str(token.attrs.get("src", "")), env.get("pictures", ()))
    if picture is None:
        return _text(token.content)
    return Token("image", "img", 0, attrs=dict(attributes_of(picture, "", env.get("widest"))), children=token.children)


def _normal(url: str) -> str:
    return str(_parser().normalizeLink(url))


def _link_bare_addresses(state: StateCore) -> None:
    for block in state.tokens:
        depth = 0
        children: list[Token] = []
        for token in block.children or []:
            depth += token.nesting if token.type in ("link_open", "link_close") else 0
            children += _cut_at_links(token) if token.type == "text" and not depth else [token]
        block.children = children if block.children is not None else None


def _cut_at_links(token: Token) -> list[Token]:
    parts: list[Token] = []
    end = 0
    for match in BARE_LINK.finditer(token.content):
        parts += [_text(token.content[end : match.start()]), *_link(match[0], match[0])]
        end = match.end()
    return [*parts, _text(token.content[end:])]


def _link(address: str, words: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": address}), _text(words), Token("link_close", "a", -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _words(children: list[Token]) -> str:
    return "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)
