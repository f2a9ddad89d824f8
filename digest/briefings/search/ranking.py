"""Which items a query finds, in which order, and by what: words, meaning, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db.models import QuerySet

from digest.briefings.models import Item
from digest.briefings.search.by_meaning import by_meaning
from digest.briefings.search.by_words import by_words
from digest.briefings.search.fusion import fused

ALIKE = 0.855
"""What only the meaning finds is shown from this cosine on. Measured for the bundled encoder (docs/quality.md)."""

FAR = 0.03  # and not where it is this much further away than the nearest


@dataclass
class Found:
    keys: list[int] = field(default_factory=list)  # best first
    words: frozenset[int] = frozenset()  # those that have the words
    is_loose: bool = False  # they have most of the words and not all
    cosines: dict[int, float] = field(default_factory=dict)


def found(rows: QuerySet[Item], query: str, meaning: tuple[str, np.ndarray] | None) -> Found:
    """Search these rows; `meaning` is the query's vector with its model, none where nobody could make it."""
    words, is_loose = by_words(rows, query)
    near = by_meaning(rows, *meaning) if meaning else []
    shown = _close_enough(near, set(words))
    return Found(fused(words, shown), frozenset(words), is_loose, dict(near))


def _close_enough(near: Sequence[tuple[int, float]], words: set[int]) -> list[int]:
    nearest = near[0][1] if near else 0.0
    return [key for key, cosine in near if key in words or cosine >= max(ALIKE, nearest - FAR)]
