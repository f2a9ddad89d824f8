"""The form in which names are compared: case, width and traditional characters folded, separators inside left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from news.text import HAN, INVISIBLE, simplified

# Full-width forms, odd hyphens and blanks as the plain ones: one for one, so that every character keeps its place.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, 0x202F), ord(" "))
_PLAIN |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63), ord("-"))
# A number with its dots is one token, a run of letters is one, a Han character is one by itself.
# The v of a version stands by itself: YOLOv5 is yolo, v, 5.
_LETTER = rf"[^\W\d_{HAN}]"
_TOKEN = re.compile(rf"\d+(?:\.\d+)*|{_LETTER}+?(?=[vV]\d)|{_LETTER}+|[{HAN}]|[+#]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text in folded form, and where it stands in the text as given."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The pieces of `text`, with their places."""
    plain = text.translate(_PLAIN)
    folded = _folded(plain)  # at once, where every character keeps its place: a call for each Han character takes long
    if len(folded) == len(plain):
        return [Token(folded[m.start() : m.end()], m.start(), m.end()) for m in _TOKEN.finditer(plain)]
    return [Token(_folded(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(plain)]


def seen(text: str) -> tuple[str, list[int]]:
    """The text without what nobody sees, and where each character stood; the place after the last comes too."""
    places = [place for place, character in enumerate(text) if not INVISIBLE.match(character)]
    return "".join(text[place] for place in places), [*places, len(text)]


def key_of(text: str) -> str:
    """What two spellings of one name have in common: `Hailo-15`, `hailo 15` and `HAILO15` are one."""
    return " ".join(token.text for token in tokens(INVISIBLE.sub("", text)))


def plain_width(text: str) -> str:
    """The text with full-width Latin letters, digits and blanks as plain ones; every character keeps its place."""
    return text.translate(_PLAIN)


def _folded(piece: str) -> str:
    return simplified(piece).casefold()
