"""What was printed is remembered: by link, by text, by story, by meaning; and an editor's "no" holds for ever."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from digest.briefings import memory
from digest.briefings.compose import candidates, compose, left_out
from digest.briefings.index import index
from digest.briefings.lint import lint
from digest.briefings.models import Briefing, Item, Look, Reported, Told
from digest.briefings.reports import around, dismiss
from news.models import Article, Stage, Story
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 6, 8, tzinfo=UTC)
HEADLINE = "晨星半导体发布门锁用推理芯片"
DIGEST = (
    "晨星半导体发布了一颗为智能门锁设计的推理芯片，待机功耗为九十微瓦，运行人脸模型只需要四毫秒。"
    "第一批两千块开发板会在六月寄给社区成员，三家门锁厂商已经开始试用。"
)
RETOLD = (
    "门锁里的人脸识别要快又要省电，晨星半导体这颗新芯片给出的数字是四毫秒和九十微瓦。"
    "编译器随板子一起给，可以选八位或四位量化。昨天公司补充说，批量价格定在十一元，由南浦工厂代工。"
)
UNLIKE = "说明书里最有意思的一页讲怎样换电池：拧下两颗螺钉，推开后盖，三十秒就能装好，老人自己也做得来。"
OTHER = "北岭大学的研究组公开了一套方言语音数据，共三千小时，覆盖十九个县，标注由当地老师完成。"
Make = Callable[..., Article]


@pytest.fixture
def printed(issue: Callable[..., Briefing]) -> Item:
    """The fourth item of the issue of Friday."""
    rows = [{"headline": f"无关的事{n}", "text": OTHER, "url": f"https://other.example/{n}"} for n in (1, 2, 3)]
    news = {"headline": HEADLINE, "text": DIGEST, "url": "https://first.example/lock", "source_name": "晨星观察"}
    return issue("2026-03-06", *rows, news).items.get(position=4)


@pytest.fixture
def make(db: None) -> Make:
    def made(title: str, text: str, days: float = 1, **columns: Any) -> Article:
        columns = {"stage": Stage.SUMMARISED, "published_at": FRIDAY + timedelta(days=days)} | columns
        columns.setdefault("story", Story.objects.create())
        return make_article(title, text, **columns)

    return made


def _said(article: Article) -> list[tuple[str, str]]:
    return [(str(row), row.kind) for row in Reported.objects.filter(article=article).standing()]


def test_the_same_link_was_reported(printed: Item, make: Make) -> None:
    article = make("换了题目", UNLIKE, canonical_url="https://first.example/lock")
    memory.sweep()
    assert _said(article) == [("20260306 期第 4 条已报道", "link")]


def test_a_text_that_was_printed_word_for_word_is_a_copy_years_later(printed: Item, make: Make) -> None:
    article = make("旧闻一则", f"编者按：值得再读。{DIGEST}更多内容见下文。", days=800)
    memory.sweep()
    assert _said(article) == [("20260306 期第 4 条已报道", "copy")]


def test_another_of_its_story_was_reported(printed: Item, make: Make) -> None:
    first = make(HEADLINE, DIGEST)
    Item.objects.filter(pk=printed.pk).update(article=first)
    article = make("从另一面看", UNLIKE, story=first.story)
    memory.sweep()
    assert _said(article) == [("20260306 期第 4 条已报道", "story")]


def test_the_same_event_in_other_words_says_what_is_new(printed: Item, make: Make) -> None:
    article = make("晨星半导体推出门锁推理芯片", RETOLD)
    memory.sweep()
    row = Reported.objects.get(article=article)
    assert (str(row), row.kind) == ("20260306 期第 4 条已报道", "same")
    assert row.added == [
        "编译器随板子一起给，可以选八位或四位量化。",
        "昨天公司补充说，批量价格定在十一元，由南浦工厂代工。",
    ]


def test_weeks_later_the_same_matter_is_a_follow_up_and_stays_a_candidate(printed: Item, make: Make) -> None:
    article = make("晨星半导体的门锁推理芯片开始供货", RETOLD, days=40)
    memory.sweep()
    assert [kind for _text, kind in _said(article)] == ["followup"]
    assert [one.article for one in candidates(date(2026, 4, 17))] == [article]


def test_something_else_was_not_reported(printed: Item, make: Make) -> None:
    article = make("海云科技开源文档解析模型", "海云科技开源了一个只有八百万参数的文档解析模型，能读表格和公式。")
    memory.sweep()
    assert _said(article) == []


def test_a_column_with_another_number_is_another_column(issue: Callable[..., Briefing], make: Make) -> None:
    told = {
        "headline": "开源硬件月报（3 月）",
        "text": "三月的板子：八款新品，两款停产。",
        "url": "https://c.example/3",
    }
    issue("2026-03-06", told)
    article = make("开源硬件月报（9 月）", "九月的板子：五款新品，没有停产。", days=180)
    memory.sweep()
    assert _said(article) == []


def test_a_draft_is_not_composed_of_what_was_reported(printed: Item, make: Make) -> None:
    told, fresh = make("晨星半导体推出门锁推理芯片", RETOLD), make("方言数据公开", OTHER[:20])
    Reported.objects.create(article=fresh, item=printed, kind="followup")
    memory.sweep()
    day = date(2026, 3, 13)
    assert [one.article for one in candidates(day)] == [fresh]
    assert [one.article for one in left_out(day)] == [told]
    assert {item.article for item in compose(day, repeats=True).items.all()} == {told, fresh}


def test_a_dismissed_report_never_comes_back(printed: Item, make: Make) -> None:
    article = make("晨星半导体推出门锁推理芯片", RETOLD)
    memory.sweep()
    editor = User.objects.create_user("editor")
    dismiss(Reported.objects.get(article=article), editor)
    Briefing.objects.filter(pk=printed.briefing_id).update(version=9)  # saved again: its items are told anew
    Article.objects.filter(pk=article.pk).update(text_hash="changed", story=Story.objects.create())
    memory.sweep()
    assert _said(article) == []
    row = Reported.objects.get(article=article)
    assert (row.dismissed_by, row.item) == (editor, printed)
    draft = compose(date(2026, 3, 13), among=[article.pk])
    memory.sweep()
    assert [item.article for item in draft.items.all()] == [article]
    assert Reported.objects.filter(later__briefing=draft).count() == 0


def test_an_editor_may_say_no_to_a_story_too(printed: Item, make: Make) -> None:
    first = make(HEADLINE, DIGEST)
    Item.objects.filter(pk=printed.pk).update(article=first)
    article = make("从另一面看", UNLIKE, story=first.story)
    memory.sweep()
    assert candidates(date(2026, 3, 13)) == []
    dismiss(Reported.objects.get(article=article), None)
    assert [one.article for one in candidates(date(2026, 3, 13))] == [article]


def test_the_draft_s_editor_reads_it_item_by_item(printed: Item, issue: Callable[..., Briefing]) -> None:
    again = {
        "headline": "晨星半导体推出门锁推理芯片",
        "text": RETOLD,
        "url": "https://b.example/1",
        "source_name": "某",
    }
    draft = issue("2026-03-13", again, published=False)
    memory.sweep()
    [finding] = lint(draft)
    assert (finding.message, finding.blocks) == ("20260306 期第 4 条已报道（讲同一件事）", False)
    assert finding.reported == Reported.objects.get(later=draft.items.get())


def test_nothing_is_looked_at_twice(printed: Item, make: Make) -> None:
    make("晨星半导体推出门锁推理芯片", RETOLD)
    assert memory.sweep() == 4 + 4 + 1
    assert memory.sweep() == 0
    before = Look.objects.get().upto
    Briefing.objects.filter(pk=printed.briefing_id).update(version=9)
    assert memory.sweep() == 4 + 4 + 1
    assert Look.objects.get().upto > before


def test_an_issue_that_is_taken_in_later_finds_what_went_on(printed: Item, issue: Callable[..., Briefing]) -> None:
    memory.sweep()
    old = {"headline": "晨星半导体预告门锁推理芯片", "text": RETOLD, "url": "https://b.example/0"}
    past = issue("2026-02-06", old, is_imported=True)
    memory.sweep()
    assert [(row.item, row.later) for row in Reported.objects.all()] == [(past.items.get(), printed)]
    assert [item.headline for item in around(printed).earlier] == ["晨星半导体预告门锁推理芯片"]
    assert [item.headline for item in around(past.items.get()).later] == [HEADLINE]


def test_drafts_and_samples_are_no_memory(issue: Callable[..., Briefing], make: Make) -> None:
    news = {"headline": HEADLINE, "text": DIGEST, "url": "https://first.example/lock"}
    issue("2026-03-06", news, published=False)
    issue("2026-03-07", news, is_sample=True)
    article = make(HEADLINE, DIGEST)
    memory.sweep()
    assert (Told.objects.count(), _said(article)) == (2, [])


def test_an_edited_item_is_told_anew(printed: Item) -> None:
    memory.sweep()
    before = Told.objects.get(item=printed)
    Item.objects.filter(pk=printed.pk).update(text=OTHER)
    index([Item.objects.get(pk=printed.pk)])
    Briefing.objects.filter(pk=printed.briefing_id).update(version=2)
    memory.sweep()
    after = Told.objects.get(item=printed)
    assert after.pk > before.pk
    assert after.text_hash != before.text_hash
