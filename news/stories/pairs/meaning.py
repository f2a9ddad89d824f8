"""What the encoder adds to the words: how like two heads are as wholes and token by token, and what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from news.embed.tokens import Thought

DIRECTIONS = 96
"""Principal directions that say what a pair is about: sports and notices are told otherwise than launches."""

FIGURES = 19  # that `likeness` gives; the first is the plain cosine


@dataclass
class Space:
    """What is common in the encoder's space, measured on the heads of a training file."""

    mean: np.ndarray
    middle_mean: np.ndarray
    token_mean: np.ndarray
    token_middle_mean: np.ndarray
    directions: np.ndarray  # [DIRECTIONS, dimension], each scaled to variance one
    tokens: Counter[int]
    heads: int

    @classmethod
    def of(cls, sample: Sequence[Thought], tokens: Iterable[Sequence[int]]) -> Space:
        """Directions and means of a sample of heads; the tokens of all of them."""
        vectors = np.stack([thought.vector for thought in sample])
        _left, sizes, directions = np.linalg.svd(vectors - vectors.mean(0), full_matrices=False)
        scale = np.sqrt(len(vectors)) / np.maximum(sizes, 1e-6)
        counted, heads = Counter[int](), 0
        for ids in tokens:
            counted.update(set(ids))
            heads += 1
        return cls(
            vectors.mean(0),
            np.stack([_unit(thought.middle).mean(0) for thought in sample if len(thought.ids)]).mean(0),
            np.concatenate([thought.last for thought in sample]).astype(np.float32).mean(0),
            np.concatenate([thought.middle for thought in sample]).astype(np.float32).mean(0),
            (directions * scale[:, None])[:DIRECTIONS],
            counted,
            heads,
        )

    def rarity(self, ids: Sequence[int]) -> np.ndarray:
        """Inverse document frequency of tokens."""
        return np.log((self.heads + 1) / (np.array([self.tokens[one] for one in ids]) + 1.0))

    def about(self, thought: Thought) -> np.ndarray:
        """Where a head lies along the directions."""
        return self.directions @ (thought.vector - self.mean)


def likeness(one: Thought, other: Thought, space: Space) -> list[float]:
    """FIGURES figures, the same whichever comes first."""
    row = [float(one.vector @ other.vector), _cosine(one.vector - space.mean, other.vector - space.mean)]
    if not one.ids or not other.ids:
        return [*row, *[0.0] * (FIGURES - 2)]
    row.append(_cosine(*(_unit(thought.middle).mean(0) - space.middle_mean for thought in (one, other))))
    rarities = space.rarity(one.ids), space.rarity(other.ids)
    row += _pieces(_unit(one.middle - space.token_middle_mean), _unit(other.middle - space.token_middle_mean), rarities)
    return row + _pieces(_unit(one.last - space.token_mean), _unit(other.last - space.token_mean), rarities)


def _pieces(one: np.ndarray, other: np.ndarray, rarities: tuple[np.ndarray, np.ndarray]) -> list[float]:
    """Every token against the nearest of the other head (late interaction), rare ones weighing more."""
    table = one @ other.T
    sides = list(zip((table.max(1), table.max(0)), rarities, strict=True))
    whole = [float((nearest * rarity).sum() / max(rarity.sum(), 1e-6)) for nearest, rarity in sides]
    worst = [float(np.quantile(nearest, 0.2)) for nearest, _rarity in sides]
    rare = [float(nearest[np.argsort(-rarity, kind="stable")[:3]].mean()) for nearest, rarity in sides]
    best = float(np.sort(table, axis=None)[-5:].mean())
    return [max(whole), min(whole), sum(whole) / 2, max(worst), min(worst), max(rare), min(rare), best]


def _unit(rows: np.ndarray) -> np.ndarray:
    rows = rows.astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9))
