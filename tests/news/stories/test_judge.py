"""The formula: what speaks for one event, what against, and where its threshold lies."""

import numpy as np
import pytest

from news.embed import Calibration
from news.stories.judge import Formula, Judgement, Telling, score, signs, title_share

CALIBRATION = Calibration(same_event=0.95, candidate=0.9)


def tell(title: str, text: str = "正文", cosine: float = 1.0) -> Telling:
    """A telling whose vector has this cosine to that of one that is told plainly."""
    return Telling(title, text, np.array([cosine, (1 - cosine**2) ** 0.5]))


def against(one: Telling, other: Telling) -> dict[str, float]:
    return {name: weight for name, weight in signs(one, other).items() if weight < 0}


def test_the_score_is_the_cosine_and_the_share_of_the_title() -> None:
    one, other = tell("芯片发布"), tell("芯片发布", cosine=0.92)
    assert signs(one, other) == pytest.approx({"cosine": 0.92, "title": 0.05})
    assert score(one, other, CALIBRATION) == pytest.approx(0.97)


def test_half_is_the_threshold() -> None:
    near, at, below = Formula(CALIBRATION).judge_many(
        tell("芯片发布"), [tell("芯片发布", cosine=cosine) for cosine in (1.0, 0.9001, 0.8999)]
    )
    assert near == Judgement(pytest.approx(0.99995, abs=1e-5), True, pytest.approx({"cosine": 1.0, "title": 0.05}))
    assert (at.same, round(at.likelihood, 2)) == (True, 0.5)
    assert (below.same, round(below.likelihood, 2)) == (False, 0.5)


def test_far_apart_is_not_looked_at() -> None:
    assert score(tell("芯片发布"), tell("芯片发布", cosine=0.89), CALIBRATION) == 0.0


def test_two_bare_titles_get_what_texts_would_have_brought() -> None:
    assert signs(tell("芯片发布", ""), tell("芯片发布", ""))["titles_only"] == 0.008
    assert "titles_only" not in signs(tell("芯片发布", ""), tell("芯片发布"))


@pytest.mark.parametrize(
    ("one", "other", "signs_against"),
    [
        ("简报第 12 期", "简报第 13 期", {"numbers": -0.02, "frame": -0.15}),
        ("出货突破一千台", "出货突破一万台", {"frame": -0.15}),
        ("RT-Thread 5.2 发布", "RT-Thread 5.0 发布", {"numbers": -0.02, "frame": -0.15}),
        ("3 月 2 日早报", "3 月 3 日早报", {"days": -0.03, "frame": -0.15}),
        ("RT-Thread 5.2 发布", "RT-Thread 5.2 发布！", {}),
        ("北京发布政策", "上海发布政策", {"names": -0.01}),
        ("芯片", "融资", {"title_share": -0.02}),
    ],
)
def test_what_speaks_against_one_event(one: str, other: str, signs_against: dict[str, float]) -> None:
    assert against(tell(one, ""), tell(other, "")) == signs_against
    assert against(tell(other, ""), tell(one, "")) == signs_against


def test_days_are_read_in_the_text_too() -> None:
    one, other = tell("新增病例", "据通报，2月3日新增两例。"), tell("新增病例", "据通报，2月4日新增两例。")
    assert against(one, other) == {"days": -0.03}


def test_titles_share_terms_but_dates_are_none() -> None:
    assert title_share("芯片", "新芯片发布") == 1.0
    assert title_share("2026-03-02", "2026-03-02") == 0.0
