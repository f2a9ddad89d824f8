"""The words of an article as weights that a head can learn from; a vocabulary comes from labelled articles alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from news.text import simplified

HEAD = 300  # characters of the body that are read
MOST, FEWEST = 6_000, 2  # words that a vocabulary keeps; articles that a word must stand in


def words_of(title: str, text: str) -> Counter[str]:
    """How often each word stands in title and head; a word of the title once more, as `=word`."""
    import rjieba

    first = simplified(title).casefold()
    whole = f"{first} {simplified(text[:HEAD]).casefold()}"
    counted = Counter(word for word in rjieba.cut(whole) if word.strip())
    counted.update(f"={word}" for word in rjieba.cut(first) if word.strip())
    return counted


@dataclass(frozen=True)
class Vocabulary:
    """Words with their inverse document frequency. Rows are TF-IDF of length one."""

    words: tuple[str, ...] = ()
    idf: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    @classmethod
    def of(cls, counted: Sequence[Counter[str]]) -> Vocabulary:
        """Those of the articles given; idf = ln((1 + n) / (1 + df)) + 1."""
        among = Counter(word for counts in counted for word in counts)
        kept = sorted((word for word in among if among[word] >= FEWEST), key=lambda word: (-among[word], word))[:MOST]
        often = np.array([among[word] for word in kept], np.float32)
        return cls(tuple(kept), np.asarray(np.log((1 + len(counted)) / (1 + often)) + 1, np.float32))

    def row(self, counted: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
        """Places in the vocabulary and their weights: (1 + ln tf) · idf, scaled to length one."""
        known = [(place, count) for word, count in counted.items() if (place := self._place.get(word)) is not None]
        if not known:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        places, counts = (np.array(column) for column in zip(*sorted(known), strict=True))
        weights = (1 + np.log(counts)) * self.idf[places]
        return places, np.asarray(weights / np.linalg.norm(weights), np.float32)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}
