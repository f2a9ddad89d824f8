"""How much of one text stands in another, letter by letter. Pure.

A letter is covered when it lies in a run of at least eight letters whose every 5-letter shingle stands in the other
text: single shingles are shared by any two articles on one subject, runs are not. In what order is no matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from news.extract.footer import without_promotion
from news.stories.sketch import SHINGLE, hashes, letters
from news.text import sentences, simplified

RUN = 4  # consecutive shingles: eight letters
LONG_RUN = 16  # letters; only such runs speak of the order
FRAME_SHARE = 0.8  # of a sentence's letters, to be part of a frame
NOTHING = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class Told:
    """What a text tells, sentence by sentence, folded; what comparing needs is made once."""

    sentences: tuple[str, ...]
    traditional: float = 0.0  # part of its characters that have a simplified form

    @classmethod
    def of(cls, text: str, frame: np.ndarray = NOTHING) -> Told:
        """Without promotion at either end, and without sentences that consist of the frame's shingles."""
        text = without_promotion(text)
        folded = [one for one in (letters(sentence.text) for sentence in sentences(text)) if one]
        differ = sum(one != other for one, other in zip(text, simplified(text), strict=True))
        return cls(tuple(one for one in folded if not _is_frame(one, frame)), differ / max(len(text), 1))

    @classmethod
    def from_sentences(cls, folded: Iterable[str]) -> Told:
        return cls(tuple(folded))

    @cached_property
    def letters(self) -> str:
        return "".join(self.sentences)

    @cached_property
    def shingles(self) -> np.ndarray:
        return hashes(self.letters)

    @cached_property
    def shingle_set(self) -> np.ndarray:
        return np.unique(self.shingles)

    def is_reordered(self, other: Told) -> bool:
        """Whether long runs that stand in `other` stand there in another order."""
        first = {shingle: at for at, shingle in reversed(list(enumerate(other.shingles.tolist())))}
        runs = [
            (start, end) for start, end in _runs(self.shingles, other.shingle_set) if end - start + SHINGLE > LONG_RUN
        ]
        places = [first[int(self.shingles[start])] for start, _ in runs]
        return any(later < earlier for earlier, later in pairwise(places))


def _is_frame(sentence: str, frame: np.ndarray) -> bool:
    if not len(frame):
        return False
    found = _marked(len(sentence), _runs(hashes(sentence), frame))
    return float(found.mean()) >= FRAME_SHARE


def covered(part: Told, whole: Told) -> np.ndarray:
    """For each letter of `part` whether it stands in `whole`; bool [letters]."""
    return _marked(len(part.letters), _runs(part.shingles, whole.shingle_set))


def _marked(length: int, runs: list[tuple[int, int]]) -> np.ndarray:
    found = np.zeros(length, bool)
    for start, end in runs:
        found[start : end + SHINGLE - 1] = True
    return found


def _runs(shingles: np.ndarray, among: np.ndarray) -> list[tuple[int, int]]:
    """Where shingles that stand `among` others (sorted) follow each other: the first, and one past the last."""
    if not len(shingles) or not len(among):
        return []
    at = np.searchsorted(among, shingles).clip(max=len(among) - 1)
    hit = among[at] == shingles
    edges = np.flatnonzero(np.diff(np.concatenate(([False], hit, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if end - start >= min(RUN, len(hit))]
