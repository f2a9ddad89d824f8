"""Markdown becomes safe HTML, whatever a page or a model put into it."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from digest.briefings.markdown import TAGS, clean, plain, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("第一段\n\n第二段", "<p>第一段</p>\n<p>第二段</p>\n"),
        ("一行\n又一行", "<p>一行<br>\n又一行</p>\n"),
        ("- 甲\n- 乙", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n"),
        ("3. 丙\n4. 丁", '<ol start="3">\n<li>丙</li>\n<li>丁</li>\n</ol>\n'),
        ("> 引文", "<blockquote>\n<p>引文</p>\n</blockquote>\n"),
        ("# 大\n## 中", "<h3>大</h3>\n<h4>中</h4>\n"),
        ("**重** ~~删~~ `码`", "<p><strong>重</strong> <s>删</s> <code>码</code></p>\n"),
        ("**结论：**可行", "<p><strong>结论：</strong>可行</p>\n"),
        ("他说**“可以”**了", "<p>他说<strong>“可以”</strong>了</p>\n"),
        ("这是*重点*，***极重***。", "<p>这是<em>重点</em>，<em><strong>极重</strong></em>。</p>\n"),
        ("3 * 4 与 5 * 6，甲 * 乙 * 丙", "<p>3 * 4 与 5 * 6，甲 * 乙 * 丙</p>\n"),
        ("文件 a_b_c.py，**bold**.", "<p>文件 a_b_c.py，<strong>bold</strong>.</p>\n"),
        ("<b>标签</b>", "<p>&lt;b&gt;标签&lt;/b&gt;</p>\n"),
        ("脚本是 model.py，网站是 example.com", "<p>脚本是 model.py，网站是 example.com</p>\n"),
        ("隐\u202e藏\u200b字", "<p>隐藏字</p>\n"),
        ("前![图](https://a.example/1.png)后", "<p>前图后</p>\n"),
        ("![](https://a.example/1.png)", "<p></p>\n"),
    ],
)
def test_markdown_as_html(text: str, html: str) -> None:
    assert to_html(text) == html


def test_a_table_keeps_its_cells_and_no_style() -> None:
    soup = BeautifulSoup(to_html("|型号|算力|\n|---|--:|\n|甲|20|"), "lxml")
    assert [cell.get_text() for cell in soup.find_all(["th", "td"])] == ["型号", "算力", "甲", "20"]
    assert [cell.attrs for cell in soup.find_all(["th", "td"])] == [{}, {}, {}, {}]


@pytest.mark.parametrize(
    ("text", "address", "words"),
    [
        ("见https://a.example/s/x_y-z，更多", "https://a.example/s/x_y-z", "https://a.example/s/x_y-z"),
        ("（https://a.example/x）。", "https://a.example/x", "https://a.example/x"),
        ("[原文](https://a.example/?a=1&b=2)", "https://a.example/?a=1&b=2", "原文"),
        ("[上一期](/issues/20230303/)", "http://127.0.0.1:8000/issues/20230303/", "上一期"),
        ("[别处](//a.example/x)", "http://a.example/x", "别处"),
        ("<https://a.example/>", "https://a.example/", "https://a.example/"),
    ],
)
def test_links_lead_where_they_say(text: str, address: str, words: str) -> None:
    links = BeautifulSoup(to_html(text), "lxml").find_all("a")
    assert [(link["href"], link.get_text(), link["rel"]) for link in links] == [
        (address, words, ["noopener", "nofollow"])
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc"]
)
def test_an_address_that_acts_is_no_link(address: str) -> None:
    assert BeautifulSoup(to_html(f"[看]({address}) ![图]({address}) <{address}>"), "lxml").find_all(href=True) == []


def test_every_attack_case_is_harmless(shared: Path) -> None:
    cases: list[dict[str, Any]] = _cases(json.loads((shared / "attack_cases.json").read_text(encoding="utf-8")))
    assert cases
    for case in cases:
        _assert_harmless(to_html(json.dumps(case, ensure_ascii=False)))
        for value in case.values():
            _assert_harmless(to_html(str(value)))


@given(st.text(alphabet="<>[]()!\"'`*_#-|\\&;:/ \n\tajscrimg= 中文。\u202e", max_size=120))
def test_any_text_is_harmless_and_stays_as_it_is_when_cleaned_again(text: str) -> None:
    html = to_html(text)
    _assert_harmless(html)
    assert clean(html) == html


def _assert_harmless(html: str) -> None:
    for tag in BeautifulSoup(html, "lxml").find_all(True):
        assert tag.name in TAGS | {"html", "body"}
        assert set(tag.attrs) <= {"href", "title", "rel", "start"}
        assert tag.get("href", "https://").startswith(("https://", "http://", "mailto:"))


def _cases(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, dict) and not any(isinstance(value, dict | list) for value in data.values()):
        return [data]
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [case for part in parts for case in _cases(part)]


def test_plain_is_one_line_of_words() -> None:
    assert plain("# 题\n\n一段 **重**\n第二行\n\n- 甲\n- [乙](https://a.example/)") == "题 一段 重 第二行 甲 乙"
    assert plain("一二三四五，六七", 7) == "一二三四五…"
    assert plain("") == ""
