"""The draft: the best of each story, balanced over the topics, nothing printed twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from digest.briefings.compose import compose
from digest.briefings.models import Briefing
from news.models import Article, ArticleTopic, Stage, Story, Summary, Topic

DAY = date(2023, 3, 10)
pytestmark = pytest.mark.django_db
Make = Callable[..., Article]


@pytest.fixture
def make() -> Make:
    """Makes a finished article: make("标题", topics=["chips"], score=0.9, story=…)."""
    for position, slug in enumerate(["chips", "llm", "detection"]):
        Topic.objects.create(slug=slug, name=slug, name_en=slug, description="-", position=position)

    def made(title: str, topics: tuple[str, ...] = (), score: float = 0.8, day: int = 9, **columns: Any) -> Article:
        number = Article.objects.count() + 1
        columns.setdefault("story", Story.objects.create())
        article = Article.objects.create(
            canonical_url=f"https://site{number}.example/a",
            url=f"https://site{number}.example/a",
            host=f"site{number}.example",
            stage=Stage.SUMMARISED,
            state="ok",
            title=title,
            text=title * 10,
            published_at=datetime(2023, 3, day, tzinfo=UTC),
            **columns,
        )
        Summary.objects.create(article=article, summariser="extractive@1", text=f"{title}的摘要", text_hash="x")
        for slug in topics:
            ArticleTopic.objects.create(article=article, topic=Topic.objects.get(slug=slug), score=score)
        return article

    return made


def _headlines(briefing: Briefing) -> list[str]:
    return list(briefing.items.order_by("position").values_list("headline", flat=True))


def test_topics_are_balanced(make: Make) -> None:
    for number in range(4):
        make(f"芯片{number}", ("chips",), score=0.9 - number / 100)
    make("大模型", ("llm",), score=0.7)
    make("检测", ("detection",), score=0.6)
    assert _headlines(compose(DAY, 4)) == ["芯片0", "大模型", "检测", "芯片1"]


def test_one_story_gives_one_item_its_best(make: Make) -> None:
    story = Story.objects.create()
    make("转述", ("llm",), score=0.5, story=story)
    make("原创", ("llm",), score=0.5, story=story, is_original=True)
    make("另一件事", ("llm",), score=0.4)
    assert _headlines(compose(DAY, 5)) == ["原创", "另一件事"]


def test_what_was_printed_is_not_printed_again(make: Make) -> None:
    story = Story.objects.create()
    make("已登", ("llm",), story=story)
    compose(DAY, 5)
    make("同一件事的后来一篇", ("llm",), story=story)
    make("新的", ("llm",))
    assert _headlines(compose(date(2023, 3, 17), 5)) == ["新的"]


def test_copies_samples_and_unfinished_are_left_out(make: Make) -> None:
    first = make("原文", ("llm",))
    make("转载", ("llm",), duplicate_of=first)
    make("示例", ("llm",), is_sample=True)
    Article.objects.filter(pk=make("未完", ("llm",)).pk).update(stage=Stage.EMBEDDED)
    assert _headlines(compose(DAY, 5)) == ["原文"]


def test_newer_counts_more(make: Make) -> None:
    make("旧闻", ("llm",), day=1)
    make("新闻", ("llm",), day=9)
    assert _headlines(compose(DAY, 1)) == ["新闻"]


def test_an_item_takes_over_what_the_article_has(make: Make) -> None:
    make("标题", ("chips", "llm"), account="某账号")
    item = compose(DAY, 1).items.get()
    assert (item.position, item.headline, item.text, item.machine_text) == (1, "标题", "标题的摘要", "标题的摘要")
    assert (item.url, item.source_name, item.is_machine_made) == ("https://site1.example/a", "某账号", True)
    assert item.notice == "转载自某账号，版权归原作者所有"
    assert sorted(item.topics.values_list("slug", flat=True)) == ["chips", "llm"]


def test_a_topic_that_an_editor_rejected_is_not_taken_over(make: Make) -> None:
    article = make("标题", ("chips", "llm"))
    ArticleTopic.objects.filter(article=article, topic__slug="chips").update(is_rejected=True, by="editor")
    assert list(compose(DAY, 1).items.get().topics.values_list("slug", flat=True)) == ["llm"]


def test_a_draft_is_filled_up_and_keeps_what_is_in_it(make: Make) -> None:
    make("一", ("chips",))
    compose(DAY, 1)
    make("二", ("llm",))
    make("三", ("detection",))
    briefing = compose(DAY, 2)
    assert _headlines(briefing)[0] == "一"
    assert briefing.items.count() == 2


def test_a_published_issue_is_not_composed_again(make: Make) -> None:
    make("一", ("chips",))
    compose(DAY, 1).publish(None)
    with pytest.raises(ValueError, match="AI 简报 20230310 期"):
        compose(DAY, 5)
