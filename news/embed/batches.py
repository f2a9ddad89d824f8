"""Texts of like length together, as many as a budget of tokens allows; halved where the memory does not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np


def by_tokens(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Places of the texts, longest first, in batches whose padded size is at most `budget`; one text always goes."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def halving(
    run: Callable[[list[int]], np.ndarray], batch: list[int], too_much: type[Exception], release: Callable[[], None]
) -> np.ndarray:
    """`run(batch)`; where it raises `too_much`, its two halves, and so on. One text's failure is the caller's."""
    try:
        return run(batch)
    except too_much:
        if len(batch) == 1:
            raise
    release()  # outside the handler: the failed pass's tensors are held by its traceback
    middle = len(batch) // 2
    return np.concatenate([halving(run, half, too_much, release) for half in (batch[:middle], batch[middle:])])
