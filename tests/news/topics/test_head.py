"""A head: with nothing learned it is the formula; what it learned is calibrated, named in words, and packs small."""

from collections import Counter

import numpy as np
import pytest

from news.topics.fit import Case, Fitted, fit
from news.topics.head import Head, sigmoid
from news.topics.model import chosen, logit
from news.topics.words import Vocabulary, words_of

LEVELS = np.array([logit(0.6), logit(0.4)])
CENTRE = np.zeros(4, np.float32)
APPLE, PEAR = Counter({"苹果": 1, "水果": 1}), Counter({"梨树": 1, "水果": 1})


def case(number: int, right: list[int], at: list[float], counted: Counter[str] = APPLE, formula: float = -1.0) -> Case:
    return Case(number, counted, np.array(at, np.float32), np.array([formula, formula]), np.array(right))


def sides(count: int) -> list[Case]:
    """Half of the articles are apples at one place, half are pears at another; the formula sees no difference."""
    return [
        case(n, [1, 0], [1, 0.1 * (n % 3), 0, 0]) if n % 2 else case(n, [0, 1], [0, 0.1 * (n % 3), 1, 0], PEAR)
        for n in range(count)
    ]


def score(fitted: Fitted, counted: Counter[str], at: list[float], formula: float = -1.0) -> list[float]:
    found = fitted.head.scores(counted, np.array(at, np.float32), {7: formula, 9: formula})
    return [found[7].value, found[9].value]


def test_a_head_that_learned_of_one_topic_alone_leaves_the_other_to_the_formula() -> None:
    fitted = fit([case(1, [0, -1], [1, 0, 0, 0])], [7, 9], LEVELS, CENTRE)
    assert fitted.head.share.tolist() == [0, 0]
    far = score(fitted, PEAR, [0, 0, 0, 1], formula=0.8)
    assert far[1] == round(float(sigmoid(np.array(0.8))), 4)
    assert fitted.head.thresholds[9] == 0.4


def test_one_correction_tells_for_what_is_like_it_and_for_nothing_else() -> None:
    refused = fit([case(1, [0, -1], [1, 0, 0, 0], formula=2.0)], [7, 9], LEVELS, CENTRE)
    near, far = (score(refused, APPLE, at, formula=2.0)[0] for at in ([1, 0.2, 0, 0], [0, 0, 0, 1]))
    assert near < refused.head.thresholds[7] < far
    told = refused.head.scores(APPLE, np.array([1, 0.2, 0, 0], np.float32), {7: 2.0, 9: 2.0})
    assert (told[7].corrected, told[9].corrected) == ([1], [])


def test_many_corrections_take_over_from_the_formula() -> None:
    fitted = fit(sides(60), [7, 9], LEVELS, CENTRE)
    assert fitted.head.share.tolist() == [0.75, 0.75]
    apple, pear = score(fitted, APPLE, [1, 0.1, 0, 0]), score(fitted, PEAR, [0, 0.1, 1, 0])
    assert (apple[0] > 0.9 > 0.1 > apple[1], pear[1] > 0.9 > 0.1 > pear[0]) == (True, True)
    assert chosen({7: apple[0], 9: apple[1]}, fitted.head.thresholds) == [7]


def test_words_say_what_pulled_up_and_down() -> None:
    told = fit(sides(60), [7, 9], LEVELS, CENTRE).head.scores(APPLE, np.array([1, 0, 0, 0], np.float32), {7: -1, 9: -1})
    assert (told[7].up, told[7].down, told[9].down) == (["苹果"], [], ["苹果"])


def test_scores_are_probabilities() -> None:
    """Of articles whose label is a coin that falls to one side seven times in ten, the score says 0.7."""
    dice = np.random.default_rng(1)
    coins = [case(n, [int(dice.random() < 0.7), 0], [1, 0, 0, 0]) for n in range(300)]
    share = np.mean([one.right[0] for one in coins])
    assert fit(coins, [7, 9], LEVELS, CENTRE).unseen[:, 0].mean() == pytest.approx(share, abs=0.03)


def test_a_head_is_the_same_after_packing_and_every_time() -> None:
    fitted = fit(sides(30), [7, 9], LEVELS, CENTRE)
    again = Head.unpacked(fitted.head.packed())
    at = np.array([0.3, 0.2, 0.5, 0.1], np.float32)
    assert again.scores(PEAR, at, {7: 1.0, 9: 1.0}) == fitted.head.scores(PEAR, at, {7: 1.0, 9: 1.0})
    assert fit(sides(30), [7, 9], LEVELS, CENTRE).head.packed() == fitted.head.packed()


def test_a_topic_that_is_switched_off_is_not_scored_and_a_new_one_not_known() -> None:
    head = fit(sides(30), [7, 9], LEVELS, CENTRE).head
    assert set(head.scores(APPLE, np.array([1, 0, 0, 0], np.float32), {7: 0.0, 11: 0.0})) == {7}


def test_the_title_counts_twice_and_traditional_words_are_folded() -> None:
    counted = words_of("新芯片", "晶片與芯片")
    assert (counted["=芯片"], counted["芯片"]) == (1, 2)
    assert words_of("語音", "") == words_of("语音", "")


def test_a_vocabulary_keeps_words_of_two_articles() -> None:
    vocabulary = Vocabulary.of([Counter("甲乙"), Counter("甲丙"), Counter("甲乙")])
    assert vocabulary.words == ("甲", "乙")
    places, weights = vocabulary.row(Counter("乙丁"))
    assert (places.tolist(), weights.tolist()) == ([1], [1.0])
    assert vocabulary.row(Counter("丁"))[0].tolist() == []


@pytest.mark.parametrize(
    ("scores", "picked"),
    [({1: 0.6, 2: 0.9}, [2, 1]), ({1: 0.4, 2: 0.4}, []), (dict.fromkeys(range(1, 7), 0.8), [1, 2, 3, 4])],
)
def test_at_most_four_topics_those_that_pass_by_most(scores: dict[int, float], picked: list[int]) -> None:
    assert chosen(scores, dict.fromkeys(range(1, 7), 0.5)) == picked
