"""Learns a judge from labelled pairs of heads, and judges pairs with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from news.embed import Encoder
from news.embed.serving import model_key
from news.embed.tokens import think, tokens
from news.stories.pairs.features import Rarity
from news.stories.pairs.heads import Heads
from news.stories.pairs.learned import FOLDS, Learned, Row, fit
from news.stories.pairs.meaning import Space
from news.stories.pairs.reading import read

CHUNK = 256  # pairs whose tokens are held at once
SAMPLE = 2_000  # heads that the encoder's space is measured on
LEAST = 50  # pairs of either kind; fewer teach nothing

Progress = Callable[[int, int], None]


class TooFew(ValueError):
    """There are not enough pairs of one kind to learn from."""


@dataclass(frozen=True)
class Pair:
    """Two heads (reading.head) and whether they tell one event."""

    one: str
    other: str
    same: bool = False


def learn(pairs: Sequence[Pair], engine: Encoder, progress: Progress) -> Learned:
    """What the pairs teach, for this encoder.

    Raises TooFew, and embed.folder.Unsupported for an encoder whose layers cannot be seen.
    """
    same = np.array([pair.same for pair in pairs], dtype=int)
    if min(same.sum(), len(same) - same.sum()) < LEAST:
        raise TooFew(f"{same.sum()}, {len(same) - same.sum()}")
    heads = sorted({head for pair in pairs for head in (pair.one, pair.other)})
    rarity = Rarity.among(read(head) for head in heads)
    space = Space.of(think(engine, heads[:: max(1, len(heads) // SAMPLE)]), tokens(engine, heads))
    learned = Learned(model_key(engine), rarity, space)
    chunks = -(-len(pairs) // CHUNK)
    rows = _rows(pairs, learned, Heads(engine), lambda done: progress(-(-done // CHUNK), chunks + FOLDS + 1))
    return fit(learned, rows, same, lambda done: progress(chunks + done, chunks + FOLDS + 1))


def likelihoods(pairs: Sequence[Pair], learned: Learned, heads: Heads, progress: Progress | None = None) -> np.ndarray:
    """How likely each pair tells one event, 0..1, in order."""
    return learned.likelihoods(_rows(pairs, learned, heads, lambda done: progress and progress(done, len(pairs))))


def _rows(pairs: Sequence[Pair], learned: Learned, heads: Heads, progress: Callable[[int], object]) -> list[Row]:
    rows: list[Row] = []
    for start in range(0, len(pairs), CHUNK):
        rows += heads.rows([(pair.one, pair.other) for pair in pairs[start : start + CHUNK]], learned)
        progress(len(rows))
    return rows
