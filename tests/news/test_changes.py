"""Whether a page changed is told by what it says; the comparison shows where, and is capped."""

import pytest

from news import changes
from news.changes import compare, differs, text_hash

LONG = "板子先上电，再看串口有没有字。" * 40


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("功耗四瓦。", "功耗四瓦。", False),
        ("功耗 ４ 瓦。", "功耗 4 瓦。\u200b", False),
        ("功耗4瓦。", "功耗5瓦。", True),
        (f"{LONG}功耗4瓦", f"{LONG}功耗40瓦", True),
        (f"{LONG}共三家", f"{LONG}共两家", True),
        (f"{LONG}发布。", f"{LONG}发布！", False),
        (f"{LONG}他说好。", f"{LONG}她说好。", False),
        (LONG, f"{LONG}更正：前面提到的厂商名称写错了。", True),
        (LONG, LONG[:300], True),
        ("短文一则", "短文改了", True),
    ],
)
def test_numbers_always_count_and_trifles_never(before: str, after: str, expected: bool) -> None:
    assert differs(before, after) is expected
    assert differs(after, before) is expected


def test_one_fingerprint_a_text_however_it_is_spaced() -> None:
    assert text_hash("功耗 4 瓦\n\n很省") == text_hash(" 功耗 ４ 瓦\u200b\n很省 ")
    assert text_hash("功耗4瓦") != text_hash("功耗5瓦")


def _told(before: str, after: str) -> list[tuple[str, object]]:
    return [(line.kind, line.count or line.pieces) for line in compare(before, after).lines]


def test_the_changed_words_of_a_sentence_are_marked() -> None:
    assert _told("开头。\n功耗4瓦，很省。", "开头。\n功耗5瓦，很省。\n结尾。") == [
        ("same", (("开头。", False),)),
        ("deleted", (("功耗", False), ("4", True), ("瓦，很省。", False))),
        ("added", (("功耗", False), ("5", True), ("瓦，很省。", False))),
        ("added", (("结尾。", True),)),
    ]


def test_long_equal_stretches_are_folded() -> None:
    many = [f"第{number}句话。" for number in range(20)]
    kinds = [(line.kind, line.count or line.text) for line in compare("".join(many), "".join([*many, "新句。"])).lines]
    assert kinds == [("gap", 18), ("same", "第18句话。"), ("same", "第19句话。"), ("added", "新句。")]


def test_equal_texts_have_no_changes_and_long_ones_say_that_they_were_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compare(LONG, LONG).is_equal
    assert not compare(LONG, LONG).is_cut
    monkeypatch.setattr(changes, "MOST", 5)
    cut = compare("".join(f"第{n}句。" for n in range(6)), "别的。")
    assert (cut.is_cut, cut.is_equal) == (True, False)
    assert [line.kind for line in cut.lines] == ["deleted"] * 5 + ["added"]
