"""Batches by a budget of tokens, and halves where the memory ends."""

import numpy as np
import pytest

from news.embed.batches import by_tokens, halving


class TooMuch(Exception):
    pass


def test_every_place_once_longest_first_and_no_more_than_the_budget() -> None:
    assert list(by_tokens([10, 5_000, 4_000, 1, 9_000, 10], 8_192)) == [[4], [1], [2, 0], [5, 3]]
    assert list(by_tokens([], 8_192)) == []


def test_halves_until_it_fits_in_order() -> None:
    tried: list[int] = []
    released: list[None] = []

    def run(batch: list[int]) -> np.ndarray:
        tried.append(len(batch))
        if len(batch) > 2:
            raise TooMuch
        return np.array(batch, np.float32)[:, None]

    made = halving(run, [3, 1, 4, 5, 9], TooMuch, lambda: released.append(None))
    assert made[:, 0].tolist() == [3, 1, 4, 5, 9]
    assert (tried, len(released)) == ([5, 2, 3, 1, 2], 2)


def test_one_text_that_does_not_fit_is_the_callers() -> None:
    def run(batch: list[int]) -> np.ndarray:
        raise TooMuch

    with pytest.raises(TooMuch):
        halving(run, [1, 2], TooMuch, lambda: None)
