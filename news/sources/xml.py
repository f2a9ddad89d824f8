"""Feeds and outlines as trees: no entity is ever expanded, nothing is fetched, broken markup is mended."""

import re
from html.entities import html5
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
_STRICT = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_BARE = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|\w{1,32};)")
_NAME = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(\w{1,32};)")
MAX_MENDED = 300_000  # ampersands of a text that is not well-formed
MAX_TAGS = 500_000  # opening and closing ones; 2,000 entries of a feed have some 60,000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def parse(text: str) -> Element | None:
    """The root of an XML text, well-formed or not; None where there is none, or a flood of tags or ampersands.

    lxml and not feedparser: a tag of 200,000 attributes held feedparser for minutes, and 2 MB of broken markup for
    ten seconds; libxml2 takes well under a second for each (and one bare `&` costs feedparser half its entries).
    """
    text = _without_prolog(_FORBIDDEN.sub("", text.removeprefix("\ufeff")))
    if text.count("<") > MAX_TAGS:
        return None
    for mended in (False, True):
        if mended and text.count("&") > MAX_MENDED:
            break
        data = (_mended(text) if mended else text).encode("utf-8", "replace")
        try:
            return etree.fromstring(data, etree.XMLParser(encoding="utf-8", recover=mended, **_STRICT))
        except (etree.XMLSyntaxError, ValueError):
            continue
    return None


def _without_prolog(text: str) -> str:
    """From the root element on: what a DOCTYPE declares (entities!) is not even read."""
    for pattern in (_PROLOG, _DOCTYPE, _PROLOG):
        if match := pattern.match(text):
            text = text[match.end() :]
    return text


def _mended(text: str) -> str:
    """Bare ampersands escaped and HTML's names replaced, outside CDATA: libxml2 would drop them, and links break."""
    parts, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += [_referenced(text[at:start]), text[start : end + 3]]
        at = end + 3
    return "".join(parts) + _referenced(text[at:])


def _referenced(text: str) -> str:
    """Bare ampersands first: there may be millions of them, and a function for each takes seconds."""
    return _NAME.sub(_named, _BARE.sub("&amp;", text))


def _named(match: re.Match[str]) -> str:
    known = html5.get(match[1])
    return known if known and known not in "&<>" else f"&amp;{match[1]}"


def local(element: Element) -> str:
    """The tag's name without its namespace, in lower case."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def space(element: Element) -> str:
    return element.tag.rpartition("}")[0].removeprefix("{") if isinstance(element.tag, str) else ""


def words(element: Element | None) -> str:
    return "".join(element.itertext()).strip() if element is not None else ""


def inner(element: Element) -> str:
    """The markup inside an element: its text where it has no children (escaped HTML, CDATA), else its children."""
    if not len(element):
        return element.text or ""
    parts = [element.text or "", *(etree.tostring(child, encoding="unicode", method="html") for child in element)]
    return "".join(parts)


def printable(text: str) -> str:
    """Without the characters that XML cannot carry."""
    return _FORBIDDEN.sub("", text)
