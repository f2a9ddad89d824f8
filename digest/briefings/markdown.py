"""Markdown, as editors and machines write it, to HTML that is safe on any page.

Two locks, one behind the other: the parser passes no HTML through, and nh3 keeps only what is on the list below.
"""

import re
from functools import cache
from typing import Literal

import nh3
from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from digest.briefings.emphasis import beside_han
from news.text import visible

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "blockquote", "ul", "ol", "li", "a", "strong", "em", "s", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "noopener nofollow"
LOWER_HEADING = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h5", "h5": "h5", "h6": "h5"}  # the page owns h1 and h2
# A bare address ends where its ASCII ends, because Chinese text goes on after it without a blank; and only whole
# addresses count: `model.py` is a file, though .py is Paraguay. (linkify-it would take both for links.)
BARE_LINK = re.compile(r"https?://[A-Za-z0-9\[](?:[!-~](?<![<>\"`]))*[A-Za-z0-9/#=&_%+~-]")


def to_html(text: str) -> str:
    """The text as paragraphs, lists, quotes, tables and links; never a script, a style or a picture."""
    rendered = _parser().render(visible(text))
    return clean(rendered)


def clean(html: str) -> str:
    """The HTML with nothing but what is on the list; a link of this site is written out, for mail and feeds."""
    base: tuple[Literal["rewrite_with_base"], str] = ("rewrite_with_base", settings.SITE_URL + "/")
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINK_REL, url_relative=base)


def plain(text: str, length: int | None = None) -> str:
    """The words alone, on one line; cut to `length` characters, with an ellipsis, where that is given."""
    tokens = _parser().parse(visible(text))
    blocks = (_words(token.children or []) if token.type == "inline" else token.content for token in tokens)
    line = " ".join(" ".join(blocks).split())
    if length is None or len(line) <= length:
        return line
    return line[: length - 1].rstrip("，、；：,;: ") + "…"


@cache
def _parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).use(beside_han)
    )
    parser.core.ruler.push("page_owns_headings", _lower_headings)
    parser.core.ruler.push("pictures_are_links", _link_pictures)
    parser.core.ruler.push("bare_links", _link_bare_addresses)
    return parser


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = LOWER_HEADING[token.tag]


def _link_pictures(state: StateCore) -> None:
    """A picture would be fetched from a stranger by every reader: it becomes a link to it."""
    for block in state.tokens:
        if block.children:
            block.children = [part for token in block.children for part in _picture_as_link(token)]


def _picture_as_link(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    address = str(token.attrs.get("src", ""))
    return _link(address, token.content or address)


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
