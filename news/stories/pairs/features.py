"""What two heads share and where they differ in words, names, numbers and days: a row of figures. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from news.stories.pairs.reading import Reading

KINDS = ("words", "names", "verbs", "pairs", "triples", "numbers", "works")
ABSENT = -1.0  # where a head has nothing of the kind: neither like nor unlike


@dataclass
class Rarity:
    """How rare words are among the heads of a training file."""

    heads: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    @classmethod
    def among(cls, readings: Iterable[Reading]) -> Rarity:
        """Count in how many of the readings everything stands."""
        rarity = cls(0, {kind: Counter() for kind in KINDS})
        for reading in readings:
            rarity.heads += 1
            for kind in KINDS:
                rarity.counts[kind].update(getattr(reading, kind))
        return rarity

    def of(self, kind: str, what: str) -> float:
        """The inverse document frequency: 0 for what stands everywhere; what never stood is as rare as can be."""
        return math.log((self.heads + 1) / (self.counts[kind][what] + 1))


def features(one: Reading, other: Reading, rarity: Rarity) -> list[float]:
    """The row of a pair, the same whichever comes first: eight figures a kind, two of days, eleven of the letters."""
    row: list[float] = []
    for kind in KINDS:
        row += _overlap(kind, getattr(one, kind), getattr(other, kind), rarity)
    return row + _days(one, other) + _letters(*sorted((one, other), key=lambda head: (len(head.letters), head.letters)))


def _overlap(kind: str, one: frozenset[str], other: frozenset[str], rarity: Rarity) -> list[float]:
    """TF-IDF cosine, share in the one and in the other, what is shared, and the rarest that only one of them has."""
    own, theirs = ({what: rarity.of(kind, what) for what in sorted(side)} for side in (one, other))
    shared = sorted((own[what] for what in one & other), reverse=True)
    lonely = [max((own[what] for what in one - other), default=0.0), max((theirs[w] for w in other - one), default=0.0)]
    sizes = [math.sqrt(sum(weight**2 for weight in side.values())) for side in (own, theirs)]
    parts = [sum(shared) / total if (total := sum(side.values())) else ABSENT for side in (own, theirs)]
    cosine = sum(weight**2 for weight in shared) / (sizes[0] * sizes[1]) if sizes[0] * sizes[1] else ABSENT
    first, second = [*shared, 0.0, 0.0][:2]
    return [cosine, max(parts), min(parts), sum(shared), first, second, min(lonely), max(lonely)]


def _days(one: Reading, other: Reading) -> list[float]:
    shared = len(one.days & other.days)
    return [float(shared), float(bool(one.days and other.days and not shared))]


def _letters(short: Reading, long: Reading) -> list[float]:
    less, more = len(short.letters), len(long.letters)
    matcher = SequenceMatcher(None, short.letters, long.letters, autojunk=False)
    run = matcher.find_longest_match().size
    begin = _alike(short.letters, long.letters)
    end = _alike(short.letters[::-1], long.letters[::-1])
    same, stops = short.letters == long.letters, ("。" in short.text) + ("。" in long.text)
    runs = [run, run / max(1, less), run / max(1, more), matcher.ratio(), same, begin, end]
    return [float(figure) for figure in [*runs, less, more, less / max(1, more), stops]]


def _alike(one: str, other: str) -> int:
    """How many letters are the same from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, yours) in pairs if mine != yours), min(len(one), len(other)))
