"""Vectors that lie as e5's do: around one mean, in clusters of subjects, and in each close bunches that are events.

The figures are those of 12,000 vectors of real titles and items: their mean is 0.92 long, so two texts that have
nothing in common have a cosine of .845; the nearest neighbour's is .92 in the middle; what is left when the mean is
taken off has a spectrum of which ten directions hold a fifth and a hundred hold three fifths.
"""

import numpy as np

DIMENSION = 384
MEAN = 0.92
SUBJECT, EVENT = 0.40, 0.78  # what texts share, of the square of what is left without the mean
ARTICLES_A_SUBJECT = 200


class Cloud:
    """Vectors of an archive of `articles`; the same seed gives the same."""

    def __init__(self, articles: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self._spectrum = (1 / np.sqrt(np.arange(DIMENSION) + 12)).astype(np.float32)
        mean = np.random.default_rng(0).normal(size=DIMENSION).astype(np.float32)
        self._mean = MEAN * mean / np.linalg.norm(mean)
        self._turn = _rotation()
        self._subjects = self._noise(max(articles // ARTICLES_A_SUBJECT, 20))

    def events(self, count: int) -> np.ndarray:
        """What is told by each of so many events, float32 [count, 384]: a subject, and something of its own."""
        subject = self._subjects[self.random.integers(0, len(self._subjects), count)]
        return np.sqrt(SUBJECT) * subject + np.sqrt(1 - SUBJECT) * self._noise(count)

    def tellings(self, events: np.ndarray) -> np.ndarray:
        """One article's vector for each of the rows, float32, of length one."""
        left = np.sqrt(EVENT) * events + np.sqrt(1 - EVENT) * self._noise(len(events))
        rows = self._mean + np.sqrt(1 - MEAN**2) * (left @ self._turn)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _noise(self, count: int) -> np.ndarray:
        rows = self.random.standard_normal((count, DIMENSION), np.float32) * self._spectrum
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Truth:
    """The exact nearest of some queries, kept while the archive is made piece by piece."""

    def __init__(self, queries: np.ndarray, most: int) -> None:
        self.queries, self._most = queries, most
        self._cosines = np.full((len(queries), 0), -1.0, np.float32)
        self._numbers = np.zeros((len(queries), 0), np.int64)

    def add(self, vectors: np.ndarray, first: int) -> None:
        """Rows whose numbers are `first` and on."""
        cosines = np.hstack([self._cosines, self.queries @ vectors.T])
        numbers = np.broadcast_to(np.arange(first, first + len(vectors)), (len(self.queries), len(vectors)))
        numbers = np.hstack([self._numbers, numbers])
        best = np.argsort(-cosines, axis=1, kind="stable")[:, : self._most]
        self._cosines, self._numbers = (np.take_along_axis(table, best, 1) for table in (cosines, numbers))

    def nearest(self, query: int, count: int) -> set[int]:
        return set(self._numbers[query, :count].tolist())


def _rotation() -> np.ndarray:
    """So that the few long directions are no axes."""
    turned, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(DIMENSION, DIMENSION)))
    return turned.astype(np.float32)
