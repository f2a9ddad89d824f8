"""Pairwise and B-cubed figures of a grouping against the right one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from news.evaluate.base import Figure, bootstrap


@dataclass(frozen=True)
class Row:
    """One telling of the data: `story` is the right one; `ambiguous` are rows of which either word is defensible."""

    key: str
    title: str
    text: str
    url: str
    date: str
    account: str
    story: str
    is_repo: bool
    ambiguous: frozenset[str]


@dataclass(frozen=True)
class Share:
    """What one right story brings to the sums. A wrong pair is put down to both of its stories, half each."""

    right: float = 0.0
    wrong: float = 0.0
    missed: float = 0.0
    precision: float = 0.0  # B-cubed, summed over the story's rows
    recall: float = 0.0
    rows: int = 0


def shares(rows: Sequence[Row], found: Sequence[int]) -> list[Share]:
    """A Share for each right story; `found` says in which group each row came to stand."""
    per_story: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        per_story.setdefault(row.story, []).append(place)
    return [_share(rows, found, members) for members in per_story.values()]


def figures(parts: Sequence[Share], suffix: str = "", with_parts: bool = True) -> dict[str, Figure]:
    measured = {f"pairwise_f1{suffix}": bootstrap(parts, pairwise_f1)}
    if with_parts:
        measured |= {
            f"pairwise_precision{suffix}": bootstrap(parts, pairwise_precision),
            f"pairwise_recall{suffix}": bootstrap(parts, pairwise_recall),
        }
    return measured


def pairwise_precision(parts: Sequence[Share]) -> float:
    right, wrong = sum(part.right for part in parts), sum(part.wrong for part in parts)
    return right / (right + wrong) if right + wrong else 1.0


def pairwise_recall(parts: Sequence[Share]) -> float:
    right, missed = sum(part.right for part in parts), sum(part.missed for part in parts)
    return right / (right + missed) if right + missed else 1.0


def pairwise_f1(parts: Sequence[Share]) -> float:
    return _f1(pairwise_precision(parts), pairwise_recall(parts))


def b_cubed_precision(parts: Sequence[Share]) -> float:
    return sum(part.precision for part in parts) / sum(part.rows for part in parts)


def b_cubed_recall(parts: Sequence[Share]) -> float:
    return sum(part.recall for part in parts) / sum(part.rows for part in parts)


def b_cubed_f1(parts: Sequence[Share]) -> float:
    """Bagga and Baldwin (1998): of each row, how pure and how whole its group is; the means' harmonic mean."""
    return _f1(b_cubed_precision(parts), b_cubed_recall(parts))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(rows: Sequence[Row], found: Sequence[int], members: Iterable[int]) -> Share:
    right = wrong = missed = precision = recall = 0.0
    count = 0
    for place in members:
        here = there = both = 1  # a row is always with itself
        for other in range(len(rows)):
            if other == place or rows[other].key in rows[place].ambiguous or rows[place].key in rows[other].ambiguous:
                continue
            is_found, is_right = found[other] == found[place], rows[other].story == rows[place].story
            here, there, both = here + is_found, there + is_right, both + (is_found and is_right)
        right += (both - 1) / 2
        wrong += (here - both) / 2
        missed += (there - both) / 2
        precision += both / here
        recall += both / there
        count += 1
    return Share(right, wrong, missed, precision, recall, count)
