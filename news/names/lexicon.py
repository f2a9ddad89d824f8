"""All known spellings as one tree over tokens; finds the longest that stands at each place of a text.

The time grows with the text and not with the number of names: one look-up a token, whatever the tree holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from news.names.fold import Token

_LATIN = re.compile(r"[^\W_\u2e80-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_GAPS = {"", " ", "-", "_", "·", "•", "/", "."}
_HAN_GAPS = {"", "·", "•"}
_VERSION_AHEAD = re.compile(r"[vVrRkK]?\d")


@dataclass(frozen=True)
class Spelling:
    """One alias, as the lexicon knows it."""

    name_id: int
    label: str
    kind: str
    text: str
    key: str
    is_ambiguous: bool = False
    is_exact: bool = False
    context: tuple[str, ...] = ()  # folded


@dataclass(frozen=True)
class Hit:
    spelling: Spelling
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    ends: list[Spelling] = field(default_factory=list)


class Lexicon:
    def __init__(self, spellings: Iterable[Spelling]) -> None:
        self._root = _Node()
        for spelling in spellings:
            node = self._root
            for piece in spelling.key.split(" "):
                node = node.next.setdefault(piece, _Node())
            node.ends.append(spelling)

    def hits(self, text: str, pieces: list[Token]) -> Iterator[Hit]:
        """The longest spelling at each place, from left to right, none inside another."""
        index = 0
        while index < len(pieces):
            found, after = self._at(text, pieces, index)
            if found:
                yield found
            index = after

    def _at(self, text: str, pieces: list[Token], index: int) -> tuple[Hit | None, int]:
        node = self._root.next.get(pieces[index].text)
        if node is None or not _begins(text, pieces[index].start):
            return None, index + 1
        best: tuple[Hit | None, int] = (None, index + 1)
        place = index
        while True:
            hit = _ends(text, node, pieces[index].start, pieces[place].end)
            best = (hit, place + 1) if hit else best
            place += 1
            if place == len(pieces) or not _joined(text, pieces[place - 1], pieces[place]):
                return best
            following = node.next.get(pieces[place].text)
            if following is None:
                return best
            node = following


def _begins(text: str, start: int) -> bool:
    """Latin letters and digits count only as whole words."""
    return not (start and _LATIN.match(text[start]) and _LATIN.match(text[start - 1]))


def _ends(text: str, node: _Node, start: int, end: int) -> Hit | None:
    for spelling in node.ends:
        cut = end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end])
        if cut and not (spelling.kind == "model" and _is_family(spelling, text, end)):
            continue
        if spelling.is_exact and text[start:end] != spelling.text:
            continue
        return Hit(spelling, start, end)
    return None


def _is_family(spelling: Spelling, text: str, end: int) -> bool:
    """Qwen stands in Qwen3 too: the name of a family of models, with a version behind it."""
    return not any(letter.isdigit() for letter in spelling.key) and bool(_VERSION_AHEAD.match(text, end))


def _joined(text: str, one: Token, other: Token) -> bool:
    gap = text[one.end : other.start]
    if len(gap) > 1:
        return False
    return gap in (_HAN_GAPS if not (_LATIN.match(one.text) or _LATIN.match(other.text)) else _GAPS)
