"""简报体检: what keeps an issue back, and what an editor should only know."""

from datetime import date

import pytest

from digest.briefings.lint import lint
from digest.briefings.models import Briefing, Item
from news.models import Article

pytestmark = pytest.mark.django_db
GOOD = {"headline": "标题", "text": "正文", "url": "https://a.example/1", "source_name": "某号"}


def _briefing(*items: dict[str, object], day: int = 10) -> Briefing:
    briefing = Briefing.objects.create(date=date(2023, 3, day))
    for position, columns in enumerate(items, start=1):
        Item.objects.create(briefing=briefing, position=position, **GOOD | columns)
    return briefing


def _said(briefing: Briefing) -> list[tuple[int, str, bool]]:
    return [
        (finding.item.position if finding.item else 0, finding.message, finding.blocks) for finding in lint(briefing)
    ]


def test_a_good_issue_has_no_findings() -> None:
    assert _said(_briefing({}, {"url": "https://a.example/2"})) == []


def test_an_empty_issue_is_kept_back() -> None:
    assert _said(_briefing()) == [(0, "没有条目：先自动编排，或从候选中添加", True)]


def test_a_double_link_is_marked_on_both_however_it_is_spelled() -> None:
    link = "https://mp.weixin.qq.com/s/Se3xzcF6rtgcI7YXYgDZ8Q"
    assert _said(_briefing({"url": link}, {"url": f"{link}#rd"})) == [
        (1, f"与另一条目的原文链接相同：{link}", False),
        (2, f"与另一条目的原文链接相同：{link}#rd", False),
    ]


def test_missing_parts() -> None:
    assert _said(_briefing({"text": " "}, {"url": ""}, {"url": "https://a.example/3", "source_name": ""})) == [
        (1, "没有摘要", True),
        (2, "没有原文链接", False),
        (3, "没有来源名称", False),
    ]


def test_a_temporary_link_is_kept_back() -> None:
    link = "https://mp.weixin.qq.com/s?src=11&timestamp=1678400000&ver=4394&signature=abc"
    assert _said(_briefing({"url": link})) == [(1, "原文是临时链接，几小时后失效：换成长期链接", True)]


def test_what_an_earlier_issue_printed_is_named_with_its_place() -> None:
    _briefing({"url": "https://a.example/9"}, {}, day=3).publish(None)
    assert _said(_briefing({})) == [(1, "20230303 期第 2 条已报道", False)]


def test_the_state_of_the_source_is_told() -> None:
    article = Article.objects.create(canonical_url="https://a.example/1", url="x", host="a.example", state="deleted")
    assert _said(_briefing({"article": article})) == [(1, "原文状态：已被作者删除", False)]
