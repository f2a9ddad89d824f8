"""Character-pair TF-IDF: sentences of one article as rows that can be compared, with no word cutter and no model."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from news.text import normalise

NOT_WORD = re.compile(r"[\W_]+")


def pair_vectors(texts: list[str], title: str) -> tuple[np.ndarray, np.ndarray]:
    """Unit TF-IDF rows [n, pairs] of the texts, and one of the title, over the character pairs of the texts."""
    counts = [Counter(_pairs(text)) for text in texts]
    found_in = Counter(pair for count in counts for pair in count)
    column = {pair: place for place, pair in enumerate(found_in)}
    weight = np.log(1 + len(texts) / np.array(list(found_in.values()), dtype=np.float64))
    matrix = np.zeros((len(texts) + 1, len(column)))
    for row, count in enumerate([*counts, Counter(_pairs(title))]):
        for pair, times in count.items():
            if pair in column:
                matrix[row, column[pair]] = 1 + np.log(times)
    matrix = unit(matrix * weight)
    return matrix[:-1], matrix[-1]


def _pairs(text: str) -> list[str]:
    letters = NOT_WORD.sub("", normalise(text).casefold())
    return [letters[place : place + 2] for place in range(len(letters) - 1)]


def unit(rows: np.ndarray) -> np.ndarray:
    """Each row at length one; a row of zeros stays."""
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
