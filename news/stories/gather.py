"""Gathers tellings into stories: average linkage under what editors said. Pure: of likelihoods, with no database.

The two groups whose members are on average likeliest to tell one event are joined, again and again, while that average
is a half or more. So a chain of pairs, each alike, makes no story whose ends have nothing in common; and what comes out
is a function of the set, not of the order in which its members came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

import numpy as np

SAME = 0.5  # an average at or above it is one event
NEAREST_PART = 4  # of a group that an editor made, its nearest quarter speaks


def gather(
    likelihood: np.ndarray,
    together: Iterable[Sequence[int]] = (),
    apart: Iterable[tuple[int, int]] = (),
) -> list[list[int]]:
    """Groups of row numbers, each sorted, first rows first.

    `likelihood` is symmetric, [n, n], in 0..1, rows in an order that does not depend on when they came (it settles
    ties). Rows of one group of `together` are never parted, and no pair of `apart` is ever joined; the two must not
    contradict each other.
    """
    groups = _first_groups(len(likelihood), together)
    linkage = _spoken_for(likelihood, [group for group in groups if len(group) > 1])
    barred = np.zeros_like(likelihood, dtype=bool)
    for one, other in apart:
        barred[one, other] = barred[other, one] = True
    while len(groups) > 1:
        best, first, second = _likeliest(groups, linkage, barred)
        if best < SAME:
            break
        groups[first] = sorted(groups[first] + groups.pop(second))
    return sorted(groups)


def _first_groups(count: int, together: Iterable[Sequence[int]]) -> list[list[int]]:
    groups = [sorted(set(group)) for group in together]
    taken = {row for group in groups for row in group}
    return sorted(groups + [[row] for row in range(count) if row not in taken])


def _spoken_for(likelihood: np.ndarray, groups: list[list[int]]) -> np.ndarray:
    """Of a group that an editor put together, its nearest part speaks: two ways of telling that he called one event
    need not be alike, and what is like either of them belongs to it."""
    spoken = likelihood.astype(float).copy()
    for group in groups:
        near = nearest_part(spoken[group])
        spoken[group] = near
        spoken[:, group] = near[:, None]
    return spoken


def nearest_part(likelihood: np.ndarray) -> np.ndarray:
    """The mean of the likeliest quarter of the rows, at least one; for each column."""
    return np.sort(likelihood, axis=0)[-ceil(len(likelihood) / NEAREST_PART) :].mean(axis=0)


def _likeliest(groups: list[list[int]], linkage: np.ndarray, barred: np.ndarray) -> tuple[float, int, int]:
    """The likeliest two groups that may be joined; of equals the first."""
    best, first, second = -1.0, 0, 0
    member = np.zeros((len(groups), len(linkage)))
    for number, group in enumerate(groups):
        member[number, group] = 1 / len(group)
    mean = member @ linkage @ member.T
    mean[(member @ barred @ member.T) > 0] = -1.0
    np.fill_diagonal(mean, -1.0)
    upper = np.triu(mean, 1) - np.tri(len(groups))
    place = int(np.argmax(np.round(upper, 9)))
    first, second = divmod(place, len(groups))
    best = float(upper[first, second])
    return best, first, second
