"""Sentences, shingles and search terms of Chinese text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.text import MOST_MARKS, folded, normalise, search_terms, sentences, shingles

CUTS = [
    ("模型开源了。大家在试！", ["模型开源了。", "大家在试！"]),
    ("他说：“快跑！”然后就走。", ["他说：“快跑！”", "然后就走。"]),
    ("“好！”，他答道。", ["“好！”，他答道。"]),
    ("真的吗？！真的……也许；未必", ["真的吗？！", "真的……", "也许；", "未必"]),
    (
        "GPT-3.5 降价 12.5% 了。见 https://a.com/x?b=1&c=2！好",
        ["GPT-3.5 降价 12.5% 了。", "见 https://a.com/x?b=1&c=2！", "好"],
    ),
    ("《你好！世界》上映。", ["《你好！世界》上映。"]),
    ("He left. She stayed. Dr. Wu agreed.", ["He left.", "She stayed.", "Dr. Wu agreed."]),
    ("第一行\r\n第二行\n\n第三行", ["第一行", "第二行", "第三行"]),
    ("说“走吧。”\n", ["说“走吧。”"]),
    ("", []),
    ("……\n——\n！", []),
]


@pytest.mark.parametrize(("text", "wanted"), CUTS)
def test_text_is_cut_into_sentences(text, wanted):
    assert [sentence.text for sentence in sentences(text)] == wanted


@given(st.text(alphabet=st.sampled_from('甲乙a1.。！？?!…“”"《》\n \t;；，ht:/p')))
def test_offsets_lead_back_to_the_text(text):
    found = sentences(text)
    assert [text[sentence.start : sentence.end] for sentence in found] == [sentence.text for sentence in found]
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(st.text(alphabet=st.sampled_from('甲乙a1.。！？?!…“”"《》\n ;；')))
def test_no_letter_is_lost_between_sentences(text):
    kept = "".join(sentence.text for sentence in sentences(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


def test_normalising_folds_width_space_and_invisible_characters():
    assert normalise(" ＡＩ\u200b　芯\u00ad片\n\n２０２５ ") == "AI 芯片 2025"
    assert folded(" ＡＩ\u200b　芯\u202e片，\n好 ") == "ＡＩ 芯片， 好"


def test_shingles_ignore_punctuation_width_and_case():
    assert shingles("Ａ模型，开源！", 3) == shingles("a 模型开源", 3) == {"a模型", "模型开", "型开源"}
    assert shingles("短") == {"短"}
    assert shingles("。。") == frozenset()


def test_search_terms_are_bigrams_and_whole_latin_words():
    assert search_terms("大模型 GPT-4o，C++ 与 3.5 版") == ["大模", "模型", "gpt", "4o", "c++", "与", "3.5", "版"]


@given(st.text(alphabet="甲乙丙丁", min_size=2, max_size=6), st.text(alphabet="戊己", max_size=4))
def test_a_word_is_found_inside_any_sentence(word, around):
    assert set(search_terms(word)) <= set(search_terms(around + word + around))


def test_of_a_pile_of_combining_marks_thirty_are_kept() -> None:
    assert normalise("e\u0301") == "é"
    assert normalise("x" + "\u0301" * MOST_MARKS + "y") == "x" + "\u0301" * MOST_MARKS + "y"
    assert normalise("x" + "\u0301" * 100_000 + "y") == "x" + "\u0301" * MOST_MARKS + "y"
    # Marks of two classes are put in order: by exchange of neighbours, which took a minute for these.
    assert normalise("x" + "\u0301\u0316" * 100_000) == "x" + "\u0316" * 15 + "\u0301" * 15
    assert normalise("x" + "\u0f73\uff9e" * 100_000) == normalise("x" + "\u0f73\uff9e" * 15)


def test_a_text_that_more_than_doubles_ends_at_twice_its_length() -> None:
    assert normalise("㌖" * 10) == "キロメートル" * 10
    assert normalise("㌖" * 1_000) == ("キロメートル" * 1_000)[:2_100]
    assert normalise("ｱ①㎏" * 1_000) == "ア1kg" * 1_000
