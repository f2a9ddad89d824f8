"""The score of a topic: terms, nearness, counter-examples; on small vectors that can be checked by hand."""

import math

import numpy as np
import pytest

from news.topic_scores import TopicSpace, TopicTexts, term_pattern

CHIPS = TopicTexts("芯片", ("新芯片发布",), (), ("芯片", "MCU"))
VOICE = TopicTexts("语音", ("语音合成更像真人",), (), ("语音",))
VECTORS = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], dtype=np.float32)


def test_score_is_the_formula() -> None:
    # Centred, the two topics point opposite ways: a text at the first is at cosine 1 to it and -1 to the other.
    chips, voice = TopicSpace([CHIPS, VOICE], VECTORS).scores("一颗 MCU 芯片", "芯片", VECTORS[0])
    assert chips.value == round(1 / (1 + math.exp(-(8 + 4 + 2.6 * math.log(3) + 2.3 * math.log(2) - 3.1))), 4)
    assert (chips.examples, chips.terms) == ([("新芯片发布", 1.0)], ["芯片", "MCU"])
    assert voice.value == round(1 / (1 + math.exp(8 + 4 + 3.1)), 4)
    assert voice.terms == []


def test_terms_count_only_at_the_head_of_the_text() -> None:
    space = TopicSpace([CHIPS, VOICE], VECTORS)
    late = space.scores("消息", "天" * 200 + "芯片", VECTORS[0])[0]
    assert late.terms == []


def test_a_nearer_counter_example_lowers_the_score() -> None:
    with_counter = TopicTexts("芯片", ("新芯片发布",), ("用芯片训练",), ())
    rows = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 0]], dtype=np.float32)
    text = np.array([0.1, 0, 1], dtype=np.float32)
    without = TopicSpace([TopicTexts("芯片", ("新芯片发布",)), TopicTexts("用芯片训练"), VOICE], rows)
    plain, lowered = without.scores("", "", text)[0], TopicSpace([with_counter, VOICE], rows).scores("", "", text)[0]
    assert lowered.value < plain.value


def test_a_topic_without_examples_is_told_by_its_description() -> None:
    space = TopicSpace([TopicTexts("芯片"), TopicTexts("语音")], VECTORS[[0, 2]])
    assert space.scores("", "", VECTORS[0])[0].examples == [("芯片", 1.0)]


def test_no_topics_give_no_scores() -> None:
    assert TopicSpace([], np.zeros((0, 3), np.float32)).scores("标题", "正文", VECTORS[0]) == []


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("MCU", "低功耗mcu来了", True),
        ("MCU", "smcub", False),
        ("GPT-4", "gpt-4o", False),
        ("GPT-4", "用gpt-4写诗", True),
        ("芯片", "存储芯片厂", True),
        ("YOLO", "yolov5", False),
    ],
)
def test_a_latin_term_matches_whole_words_only(term: str, text: str, found: bool) -> None:
    assert bool(term_pattern(term).search(text)) is found
