"""Average linkage under what editors said, and that the order of the rows is no matter."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import numpy as np
import pytest

from news.embed.base import Calibration
from news.stories.gather import gather
from news.stories.judge import Telling
from news.stories.likely import likelihoods

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
CALIBRATION = Calibration(same_event=0.95, candidate=0.9)


def table(count: int, **pairs: float) -> np.ndarray:
    """Likelihoods by pair: `_01=.9` is between the rows 0 and 1; what is not named is 0."""
    made = np.eye(count)
    for name, value in pairs.items():
        one, other = int(name[1]), int(name[2])
        made[one, other] = made[other, one] = value
    return made


def test_those_that_tell_one_event_come_together() -> None:
    assert gather(table(4, _01=0.9, _23=0.7, _12=0.4)) == [[0, 1], [2, 3]]


def test_a_chain_whose_ends_have_nothing_in_common_is_cut() -> None:
    assert gather(table(4, _01=0.9, _12=0.6, _23=0.9)) == [[0, 1], [2, 3]]


def test_one_that_both_are_like_bridges_two() -> None:
    apart = table(4, _01=0.9, _12=0.45, _02=0.45)
    assert gather(apart) == [[0, 1], [2], [3]]
    assert gather(table(4, _01=0.9, _12=0.45, _02=0.45, _03=0.9, _13=0.9, _23=0.9)) == [[0, 1, 2, 3]]


def test_the_order_is_no_matter() -> None:
    likelihood = table(5, _01=0.91, _12=0.62, _23=0.88, _34=0.71, _02=0.53, _24=0.35)
    found = set()
    for order in permutations(range(5)):
        groups = gather(likelihood[np.ix_(order, order)])
        found.add(tuple(sorted(tuple(sorted(order[row] for row in group)) for group in groups)))
    assert found == {((0, 1), (2, 3, 4))}


def test_what_must_be_together_is_and_draws_in_what_is_like_a_part_of_it() -> None:
    likelihood = table(3, _12=0.9)
    assert gather(likelihood) == [[0], [1, 2]]
    assert gather(likelihood, together=[[0, 1]]) == [[0, 1, 2]]


def test_what_cannot_be_together_is_not_however_alike() -> None:
    likelihood = table(3, _01=1.0, _12=0.9, _02=0.8)
    assert gather(likelihood, apart=[(0, 1)]) == [[0], [1, 2]]
    assert gather(likelihood, together=[[1, 2]], apart=[(0, 1)]) == [[0], [1, 2]]
    assert gather(likelihood, apart=[(0, 1), (1, 2), (0, 2)]) == [[0], [1], [2]]


def tell(title: str, days: float = 0, url: str = "", turn: float = 0.0) -> Telling:
    """A telling whose vector is turned by that angle from the first one's."""
    return Telling(title, "正文", np.array([np.cos(turn), np.sin(turn)]), MONDAY + timedelta(days=days), url=url)


@pytest.mark.parametrize(("days", "said"), [(0, 0.6225), (2, 0.5744), (8, 0.4256), (8.1, 0.0)])
def test_every_day_between_makes_it_less_likely(days: float, said: float) -> None:
    one, other = tell("芯片发布"), tell("芯片发布", days, turn=float(np.arccos(0.905)))
    assert likelihoods([one, other], CALIBRATION)[0, 1] == pytest.approx(said, abs=1e-4)


@pytest.mark.parametrize(
    ("url", "said"), [("https://a.example/2026/launch", 0.9241), ("https://a.example/news", 0.6225)]
)
def test_one_cited_page_is_evidence_and_a_section_is_none(url: str, said: float) -> None:
    one, other = tell("芯片发布", url=url), tell("芯片发布", url=url, turn=float(np.arccos(0.905)))
    assert likelihoods([one, other], CALIBRATION)[0, 1] == pytest.approx(said, abs=1e-4)
