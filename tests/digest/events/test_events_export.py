"""CSV that no spreadsheet runs."""

import csv
import io

import pytest

from digest.events.export import cell, csv_response


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
    ],
)
def test_what_may_be_a_formula_gets_an_apostrophe(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0, "0"), ("李明", "李明"), ("a=b", "a=b"), ("👩\u200d💻", "👩\u200d💻")]
)
def test_everything_else_stays(value, text):
    assert cell(value) == text


def test_a_row_comes_back_as_it_was():
    answer = csv_response("list.csv", ["姓名"], [['a "b", c\nd'], ["=1"]])
    content = answer.content.decode()
    assert content.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(content[1:], newline=""))) == [["姓名"], ['a "b", c\nd'], ["'=1"]]
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'
