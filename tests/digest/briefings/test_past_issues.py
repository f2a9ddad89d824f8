"""Reading past issues: every layout that was met, in our own words; and whatever else a file may hold."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.briefings.past_issues import read_issue
from digest.briefings.past_issues_lines import PICTURE

LINKED = """[TOC]

> 导读： 本期为 AI 简报 20220304 期，将为您带来 2 条新闻
>
> 祝各位好天气

# 1. [小板子跑起了语音助手](https://mp.weixin.qq.com/s/aaaaaaaaaaaaaaaaaaaaaa) | 木工夜话

![](https://pic.example/1.png)

**说话**三秒就有回答。

## 它怎么做的

1. 录音
2. 识别

# 2. 门锁认得主人了 | 开源

> 原文链接：
>
> https://news.example/lock

待机很省电。

# 其他

- [一份读者调查](https://news.example/poll) | 编辑部
"""


def _rows(text: str, name: str = "issue_20220304.md") -> list[tuple[str, str, str]]:
    return [(item.title, item.url, item.account) for item in read_issue(name, text).items]


def test_numbered_headings_with_links_sources_accounts_and_a_list() -> None:
    issue = read_issue("issue_20220304.md", LINKED)
    assert (issue.date, issue.said, issue.problems) == (date(2022, 3, 4), "20220304", [])
    assert [(item.title, item.url, item.account, item.number, item.line) for item in issue.items] == [
        ("小板子跑起了语音助手", "https://mp.weixin.qq.com/s/aaaaaaaaaaaaaaaaaaaaaa", "木工夜话", "1", 7),
        ("门锁认得主人了 | 开源", "https://news.example/lock", "", "2", 18),
    ]
    assert issue.items[0].text == "**说话**三秒就有回答。\n\n## 它怎么做的\n\n1. 录音\n2. 识别"
    assert issue.items[1].text == "待机很省电。"
    assert [(one.title, one.url, one.account, one.section) for one in issue.extras] == [
        ("一份读者调查", "https://news.example/poll", "编辑部", "其他")
    ]
    assert issue.lead == "导读： 本期为 AI 简报 20220304 期，将为您带来 2 条新闻\n\n祝各位好天气"


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("# [3. 标题](https://a.example/1) | 账号", ("标题", "https://a.example/1", "账号")),
        ("# 3.[标题](https://a.example/1)|账号", ("标题", "https://a.example/1", "账号")),
        ("#3. [标题](https://a.example/1)", ("标题", "https://a.example/1", "")),
        ("# ３．【轻量】[标题](https://a.example/1) | 账号", ("【轻量】标题", "https://a.example/1", "账号")),
        (
            "# 3. （省电）[标题 | ICCV 2022](https://a.example/1)",
            ("（省电）标题 | ICCV 2022", "https://a.example/1", ""),
        ),
        ("# [标题](https://a.example/1)", ("标题", "https://a.example/1", "")),
        ("# 3. 标题 | 账号", ("标题", "", "账号")),
        ("# 3. [标题]()", ("标题", "", "")),
        ("# 3. [标题 一](标题 一)", ("标题 一", "", "")),
        (
            "# 3. [标题](https://link.zhihu.com/?target=https%3A//a.example/1) | 账号",
            ("标题", "https://a.example/1", "账号"),
        ),
    ],
)
def test_forms_of_a_heading(heading: str, row: tuple[str, str, str]) -> None:
    assert _rows(f"{heading}\n\n一段话。\n") == [row]


def test_sections_numbers_that_begin_again_and_code() -> None:
    text = "# 前沿\n## 1. [甲](https://a.example/1)\n话。\n```\n# 不是标题\n```\n# 生活\n## 1. [乙](https://a.example/2)\n话。"
    issue = read_issue("20220304.md", text)
    assert [(item.title, item.section) for item in issue.items] == [("甲", "前沿"), ("乙", "生活")]
    assert issue.items[0].text == "话。\n```\n# 不是标题\n```"


def test_plain_text_with_sources_below_its_titles() -> None:
    text = "AI 简报 20230113 期\n1. 甲事\n原文:\nhttps://a.example/1\n经过。\n1. 第一点\n2. 第二点\n2. 乙事\nhttps://a.example/2\n后话。\n———End———\n扫码"
    issue = read_issue("old.txt", text)
    assert (issue.date, issue.said) == (date(2023, 1, 13), "20230113")
    assert [(item.title, item.url, item.text) for item in issue.items] == [
        ("甲事", "https://a.example/1", "经过。\n1. 第一点\n2. 第二点"),
        ("乙事", "https://a.example/2", "后话。"),
    ]


def test_what_could_not_be_read_is_named_by_its_line() -> None:
    text = "> 导读：本期 5 条\n\n# 近况\n\n编辑部搬家了。\n\n## 1. [甲](https://a.example/1)\n话。\n## 2. 乙\n话。"
    issue = read_issue("20220304.md", text)
    assert [(problem.line, str(problem)) for problem in issue.problems] == [
        (1, "导语说有 5 条，认出的条数不同"),
        (9, "“乙”没有原文链接"),
        (5, "“近况”之下的文字不属于任何条目，没有收"),
    ]
    nothing = read_issue("notes.md", "今天没有简报。")
    assert [problem.kind for problem in nothing.problems] == ["no_date", "no_items"]
    assert (nothing.date, nothing.items) == (None, [])


@given(st.text(max_size=400), st.text(max_size=30))
def test_no_text_raises(text: str, name: str) -> None:
    read_issue(name, text)


@given(
    st.lists(st.sampled_from([*"#|[]()>\n1.-*`", "https://a.example/1", "原文：", "其他", "```\n", "话"]), max_size=60)
)
def test_no_markup_raises(parts: list[str]) -> None:
    read_issue("20220304.md", "".join(parts))


@pytest.mark.parametrize(
    "hostile",
    [
        "# [" + "\\[" * 90_000,
        "# 1. 甲\n" + "![" * 90_000,
        "# 1. 甲\n" + "![](" * 45_000,
        "# 1. 甲\n" + "<img " * 36_000,
        "# a" + " " * 180_000 + "b",
        "# 1. 甲\n" + "其他\n" * 9_000,
        "# 1. 甲\n话\n" + "http://a.cn/\n" * 9_000,
        "其" + "\u0301\u0316" * 90_000,
    ],
)
def test_what_repeats_half_a_mark_costs_one_pass(hostile: str) -> None:
    began = time.process_time()
    read_issue("20220304.md", hostile)
    assert time.process_time() - began < 2  # a search from each mark to the end takes minutes


def test_an_address_within_a_long_chain_of_redirects_is_none() -> None:
    def chain(times: int) -> str:
        return "https://link.zhihu.com/?target=" * times + "https://a.example/1"

    assert _rows(f"# 1. [甲]({chain(2)})\n话。") == [("甲", "https://a.example/1", "")]
    assert _rows(f"# 1. [甲]({chain(3)})\n话。") == [("甲", "", "")]
    assert _rows(f"# 1. [甲]({chain(3_000)})\n话。") == [("甲", "", "")]


def test_pictures_end_where_the_next_begins() -> None:
    assert PICTURE.sub("", "一![![图](b)二<img a<img b>三") == "一![二<img a三"


def test_the_real_issues_are_read_as_people_wrote_them_down(shared: Path) -> None:
    from benchmarks.past_issues import counted

    _files, counts = counted(shared)
    assert (counts["items"], counts["title and link"], counts["account"]) == (229, 229, 229)
