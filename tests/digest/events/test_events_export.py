"""CSV that no spreadsheet runs."""

import csv
import io

import pytest

from digest.events.export import cell, csv_response

# Zero-width, direction marks, soft hyphen, word joiner, byte order mark, controls, fillers, a variation selector,
# a combining mark, odd blanks, a tag character.
HIDDEN = [
    *("\u200b", "\u200c", "\u200d", "\u200e", "\u202e", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u180e"),
    *("\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\x85", "\x9f"),
    *("\u115f", "\u3164", "\uffa0", "\ufe0f", "\u0301", "\u00a0", "\u2003", "\u2028", "\u3000", "\U000e0020"),
]


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "\u22121",
        "\ufe621",  # small plus
        "\ufe631",  # small hyphen-minus
        "\ufe661",  # small equals
        "\ufe6bx",  # small commercial at
        "\u207c1",  # superscript equals
        *(hidden + sign + "1" for hidden in HIDDEN for sign in "=+-@＝＋－＠\u2212"),
        "\u200b \x00\ufeff=1",
    ],
)
def test_what_may_be_a_formula_gets_an_apostrophe(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0, "0"),
        ("李明", "李明"),
        ("a=b", "a=b"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\u200b李明", "\u200b李明"),
        ("\ufeff", "\ufeff"),
        ("——李明", "——李明"),
        ("#1", "#1"),
        ("\x00a=b", "\x00a=b"),
    ],
)
def test_everything_else_stays(value, text):
    assert cell(value) == text


def test_a_row_comes_back_as_it_was():
    answer = csv_response("list.csv", ["姓名"], [['a "b", c\nd'], ["=1"]])
    content = answer.content.decode()
    assert content.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(content[1:], newline=""))) == [["姓名"], ['a "b", c\nd'], ["'=1"]]
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'
