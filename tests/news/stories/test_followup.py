"""The next step of a matter is linked to the story before it, and to nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from news.models import Article, Story
from news.stories import place
from news.stories.followup import shared_names
from tests.news.articles import make_article

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def tell(title: str, text: str, days: float) -> Article:
    article = make_article(title, text, published_at=MONDAY + timedelta(days=days), account=f"{days}")
    place(article)
    return article


@pytest.fixture
def launch(db: None) -> Article:
    return tell(
        "海风大模型 Haifeng-2 发布，七十亿参数",
        "海风实验室今天发布大模型 Haifeng-2，七十亿参数，能读十万字。",
        0,
    )


def test_the_next_step_follows_the_story_before(launch: Article) -> None:
    later = tell(
        "海风大模型 Haifeng-2 开放权重",
        "海风实验室把大模型 Haifeng-2 的权重开放下载，七十亿参数，许可允许商用。",
        20,
    )
    assert later.story
    assert later.story != launch.story
    assert later.story.followup_of == launch.story
    assert later.story.followup_why["of"] == launch.pk
    assert "haifeng-2" in later.story.followup_why["names"]


def test_other_news_follows_nothing(launch: Article) -> None:
    for title, text in [
        ("机械臂学会叠毛巾", "实验室让机械臂看了四十段录像，它学会了叠三种毛巾。"),
        ("南屏大模型 Nanping-1 发布，七十亿参数", "南屏实验室发布大模型 Nanping-1，七十亿参数，能读十万字。"),
    ]:
        assert tell(title, text, 20).story.followup_of is None  # type: ignore[union-attr]


def test_what_was_before_or_too_long_ago_is_no_parent(launch: Article) -> None:
    title, text = "海风大模型 Haifeng-2 开放权重", "海风实验室把大模型 Haifeng-2 的权重开放下载，七十亿参数。"
    assert tell(title, text, 75).story.followup_of is None  # type: ignore[union-attr]
    assert tell(title, text, -20).story.followup_of is None  # type: ignore[union-attr]


def test_an_editors_word_stands(launch: Article) -> None:
    title, text = "海风大模型 Haifeng-2 开放权重", "海风实验室把大模型 Haifeng-2 的权重开放下载，七十亿参数。"
    later = tell(title, text, 20)
    Story.objects.filter(pk=later.story_id).update(followup_of=None, followup_why={}, is_followup_fixed=True)
    place(later)
    assert Story.objects.get(pk=later.story_id).followup_of is None


def test_everyday_words_are_no_names() -> None:
    assert shared_names("AI agent 用的 API", "新的 AI agent 和 API") == ()
    assert shared_names("晨星半导体融资", "晨星半导体发布芯片") == ("晨星半导",)
    assert shared_names("Kimi-K3 開源", "力挺 kimi-k3") == ("kimi-k3",)
