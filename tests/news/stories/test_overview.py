"""A story at a glance, on articles of our own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.models import Article, Stage, Story
from news.stories.overview import Role, overview
from tests.news.articles import make_article

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
TEXT = "晨星半导体周一发布了一颗门锁推理芯片，待机功耗为九十微瓦。"


def tell(story: Story, account: str, text: str = TEXT, hours: float | None = 0, **columns: object) -> Article:
    moment = None if hours is None else MONDAY + timedelta(hours=hours)
    columns.setdefault("stage", Stage.SUMMARISED)
    return make_article("门锁芯片", text, story=story, account=account, published_at=moment, **columns)


@pytest.fixture
def story(db: None) -> Story:
    return Story.objects.create()


def test_who_was_first_what_is_a_reprint_and_how_many_sources_there_are(story: Story) -> None:
    late = tell(story, "晚报", TEXT + "首批 2000 块开发板由 DoorKit 商店六月寄出。", hours=5, is_original=True)
    early = tell(story, "早报")
    copy = tell(story, "转报", hours=2, duplicate_of=early, duplicate_why="100%")
    passed_on = tell(story, "传报", hours=3, source_url="https://a.example/1")
    again = tell(story, "早报", "又过了一天，早报说芯片卖完了。", hours=30)
    found = overview(story, with_added=True)
    assert [(one.article, one.role) for one in found.told] == [
        (early, Role.FIRST),
        (copy, Role.REPRINT),
        (passed_on, Role.REPRINT),
        (late, Role.ORIGINAL),
        (again, Role.RETOLD),
    ]
    assert (found.first and found.first.article, found.is_first_certain) == (early, True)
    assert (found.sources, found.independent_count) == (("早报", "晚报"), 2)
    assert [[sentence.text for sentence in one.added] for one in found.told] == [
        [],
        [],
        [],
        ["首批 2000 块开发板由 DoorKit 商店六月寄出。"],
        ["又过了一天，早报说芯片卖完了。"],
    ]
    assert [one.article for one in found.beside(early)] == [late, again]


def test_a_copy_that_came_before_its_original_is_not_first(story: Story) -> None:
    original = tell(story, "早报", hours=1)
    tell(story, "转报", hours=0, duplicate_of=original)
    first = overview(story).first
    assert first
    assert first.article == original


def test_an_unknown_time_is_said_so(story: Story) -> None:
    known = tell(story, "早报")
    unknown = tell(story, "无时报", hours=None)
    found = overview(story)
    assert [one.article for one in found.told] == [known, unknown]
    assert (found.first and found.first.article, found.is_first_certain) == (known, False)
    known.delete()
    found = overview(story)
    assert (found.first, found.is_first_certain, found.told[0].is_time_known) == (None, False, False)


def test_readers_see_what_came_through_and_it_costs_one_query(story: Story) -> None:
    tell(story, "早报")
    tell(story, "半路", stage=Stage.EMBEDDED)
    with CaptureQueriesContext(connection) as asked:
        assert [one.article.account for one in overview(story).told] == ["早报"]
    assert len(asked) == 1
    assert [one.article.account for one in overview(story, is_public=False).told] == ["早报", "半路"]


def test_a_rewrite_is_told_when_the_texts_are_read(story: Story) -> None:
    tell(
        story,
        "早报",
        "晨星半导体周一发布了一颗为智能门锁设计的推理芯片，待机功耗为九十微瓦。"
        "公司总经理说，第一批两千块开发板会在六月寄给社区成员。"
        "三家门锁厂商已经开始试用，预计年底会有产品上市。"
        "芯片采用二十二纳米工艺，封装只有指甲盖的四分之一大小。",
    )
    rewrite = tell(
        story,
        "晚报",
        "周一，晨星半导体拿出一颗专给智能门锁用的推理芯片，待机时只耗九十微瓦。"
        "据总经理介绍，首批两千块开发板六月就会寄到社区成员手里。"
        "目前有三家门锁厂商在试用，产品预计年底上市。"
        "这颗芯片用的是二十二纳米工艺，封装大小只有指甲盖的四分之一。",
        hours=5,
    )
    seen = {one.article: one.role for one in overview(story, with_added=True).told}
    assert seen[rewrite] is Role.REWRITE
    assert overview(story).independent_count == overview(story, with_added=True).independent_count == 2
