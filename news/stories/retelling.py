"""Whether a text tells another sentence for sentence in other words (洗稿). Pure.

Each sentence seeks the one of the other text with which it shares most letter pairs. A rewrite finds a counterpart for
half of what it says, in the other's order; two reports of one event have facts in common, but neither so many nor so.
"""

from __future__ import annotations

from bisect import bisect_right

from news.stories.overlap import Told

ALIKE = 0.24  # of letter pairs (Dice); unlike sentences on one subject share .15, reworded ones .25 to .6
COUNTERPARTS = 0.5  # of the letters
IN_ORDER = 0.75
LEAST_SENTENCES = 3
_MOST_SENTENCES = 300  # of one text; comparing is quadratic


def retold(one: Told, other: Told) -> bool:
    """Whether `one` retells `other`."""
    mine, yours = _pairs(one), _pairs(other)
    matches = [(_counterpart(pairs, yours), size) for pairs, size in mine]
    found = [(place, size) for place, size in matches if place is not None]
    if len(found) < LEAST_SENTENCES:
        return False
    told = sum(size for _, size in found) / sum(size for _, size in mine)
    return told >= COUNTERPARTS and _longest_in_order([place for place, _ in found]) >= IN_ORDER * len(found)


def alike(one: str, other: str) -> bool:
    """Whether two passages, of folded letters, say the same in part in other words."""
    mine, yours = _letter_pairs(one), _letter_pairs(other)
    return _dice(mine, yours) >= ALIKE


def _pairs(told: Told) -> list[tuple[frozenset[str], int]]:
    """The letter pairs of each sentence of eight letters and more, and its length."""
    long = [one for one in told.sentences if len(one) >= 8][:_MOST_SENTENCES]
    return [(_letter_pairs(one), len(one)) for one in long]


def _letter_pairs(letters: str) -> frozenset[str]:
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def _counterpart(pairs: frozenset[str], yours: list[tuple[frozenset[str], int]]) -> int | None:
    likeness = [_dice(pairs, other) for other, _ in yours]
    best = max(range(len(likeness)), key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= ALIKE else None


def _longest_in_order(places: list[int]) -> int:
    """Length of the longest subsequence that never goes back (patience sorting)."""
    piles: list[int] = []
    for place in places:
        at = bisect_right(piles, place)
        piles[at : at + 1] = [place]
    return len(piles)
