"""The passage that shows why a text was found: where most of the query's words stand together, in its own spelling."""

from __future__ import annotations

import re
from collections import Counter

from news.search.query import Asked, asked
from news.search.terms import WHOLE, folded, is_han, terms
from news.text import normalise, simplified

Piece = tuple[str, bool]


def snippet(text: str, query: str, length: int = 120) -> list[Piece]:
    """About `length` characters where most of the query stands, cut into (piece, is a hit), for a template to mark.

    Pieces are the text's own characters, not yet escaped; where the text goes on beyond an end, that end is "…".
    """
    hits = _hits(text, asked(query))
    start = _start(hits, length)
    end = min(len(text), start + length)
    pieces, at = [("…", False)] if start else [], start
    for first, last, _word in hits:
        if first >= at and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [(piece, is_hit) for piece, is_hit in pieces if piece]


def _start(hits: list[tuple[int, int, int]], length: int) -> int:
    """Where the passage begins: a third before the hit from which on most different words are in reach."""
    best = start = end = size = 0  # `end` and `size` are of the hits in reach, which only move on
    inside: Counter[int] = Counter()
    for place, (first, last, word) in enumerate(hits):
        while end < len(hits) and hits[end][1] <= first + length * 2 // 3:
            inside[hits[end][2]] += 1
            size += hits[end][1] - hits[end][0]
            end += 1
        worth = 100 * len(inside) + size
        if worth > best:
            best, start = worth, max(0, first - length // 3)
        if place == end:  # a hit longer than the reach
            end += 1
            continue
        size -= last - first
        inside[word] -= 1
        if not inside[word]:
            del inside[word]
    return start


def _hits(text: str, words: list[Asked]) -> list[tuple[int, int, int]]:
    """Where the words stand, width, case and script aside; what is not there as typed, by its forms or its terms."""
    plain, places = _folded(text)
    found: set[tuple[int, int, int]] = set()
    for number, word in enumerate(words):
        spans = next((spans for spans in (_all(plain, forms) for forms in _ways(word)) if spans), [])
        found.update((places[first], places[last - 1] + 1, number) for first, last in spans)
    return _merged(sorted(found))


def _ways(word: Asked) -> list[list[str]]:
    """The word as typed and its other forms; if none is there its whole words, and if no such its single terms."""
    found = terms(word.text)
    whole = [term.removeprefix(WHOLE) for term, _ in found.words]
    loose = [] if word.is_phrase else [whole, [term for term, _ in found.run]]
    return [[folded(word.text), *word.others], *loose]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and for each character of that the place it came from."""
    pairs = [
        (piece, place) for place, letter in enumerate(text) for piece in simplified(normalise(letter).casefold()) or " "
    ]
    return "".join(piece for piece, _ in pairs), [place for _, place in pairs]


def _all(text: str, forms: list[str]) -> list[tuple[int, int]]:
    return [span for form in forms for span in _found(text, form)]


def _found(text: str, word: str) -> list[tuple[int, int]]:
    """Places of a folded word; a Latin word begins where no letter goes before: `ai` is not in `said`."""
    if not word:
        return []
    before = r"(?<![a-z])" if re.match("[a-z]", word) else r"(?<![0-9])" if re.match("[0-9]", word) else ""
    after = r"(?![a-uw-z]|v(?!\d))" if re.search("[a-z]$", word) else r"(?![0-9])" if re.search("[0-9]$", word) else ""
    pattern = re.escape(word) if is_han(word) else _spaced(word)
    return [found.span() for found in re.finditer(before + pattern + after, text)]


def _spaced(word: str) -> str:
    """`hailo-15` also as `hailo 15` and `hailo15`, as they are one term."""
    return r"[\s\-_./]?".join(map(re.escape, (term for term, _ in terms(word).run))) or re.escape(word)


def _merged(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    merged: list[tuple[int, int, int]] = []
    for first, last, word in spans:
        if merged and first <= merged[-1][1] and first < last:
            if last > merged[-1][1]:
                merged[-1] = (merged[-1][0], last, merged[-1][2])
        else:
            merged.append((first, last, word))
    return merged
