"""What comes later may bring stories together or move an article; the order of coming hardly matters."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.contrib.auth.models import User
from django.db import connection

from news.embed import article_text, fingerprint
from news.models import Article, Story
from news.stories import place
from news.stories.around import MOMENT
from news.stories.decide import split
from tests.news.articles import make_article
from tests.news.stories.test_decide import HEADLINES, TELLINGS

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
OTHER = ["远山科技发布车载语音芯片 R7", "R7 发布：远山科技的车载语音芯片", "远山科技车载语音芯片 R7 面世"]


def tell(title: str, text: str, hours: float = 0) -> Article:
    return make_article(title, text, published_at=MONDAY + timedelta(hours=hours), account=f"{title}{hours}"[:200])


def standing() -> list[list[str]]:
    rows = Article.objects.order_by("title").values_list("story", "title")
    return sorted([title for story, title in rows if story == key] for key in {story for story, _title in rows})


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("db")
def test_any_order_gives_the_same_stories(seed: int) -> None:
    told = [(title, TELLINGS[number].format(title), number * 7.0) for number, title in enumerate(HEADLINES)]
    told += [(title, f"{title}，四个座位都听得清，样片八月。", number * 5.0) for number, title in enumerate(OTHER)]
    for title, text, hours in Random(seed).sample(told, len(told)):  # noqa: S311 - an order, no secret
        place(tell(title, text, hours))
    assert standing() == sorted([sorted(HEADLINES), sorted(OTHER)])


@pytest.mark.usefixtures("db")
def test_one_that_is_read_again_moves_with_its_text_and_takes_its_copies_along() -> None:
    first, second = (tell(title, TELLINGS[number].format(title)) for number, title in enumerate(HEADLINES[:2]))
    other = tell(OTHER[0], f"{OTHER[0]}，四个座位都听得清，样片八月。")
    for article in (first, second, other):
        place(article)
    assert second.story == first.story != other.story
    second.title, second.text = OTHER[1], f"{OTHER[1]}，四个座位都听得清，样片要等八月。"
    second.text_hash = fingerprint(article_text(second.title, second.text))
    second.save()
    assert place(second) == other.story
    assert Story.objects.count() == 2


@pytest.mark.usefixtures("db")
def test_too_large_a_story_is_added_to_and_its_members_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("news.stories.regroup.GATHERED", 3)
    for number, title in enumerate(HEADLINES):
        place(tell(title, TELLINGS[number].format(title), number))
    assert standing() == [sorted(HEADLINES)]
    story = Story.objects.get()
    apart = story.articles.order_by("published_at").first()
    assert apart
    own = split(story, [apart.pk], User.objects.create(username="editor")).story
    for article in Article.objects.all():
        place(article)
    assert standing() == sorted([[apart.title], sorted(set(HEADLINES) - {apart.title})])
    assert own.articles.get() == apart


@pytest.mark.usefixtures("db")
def test_the_days_around_are_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    placed = tell(HEADLINES[0], TELLINGS[0])
    place(placed)
    days = Article.objects.annotate(moment=MOMENT).filter(moment__gte=MONDAY, moment__lte=MONDAY + timedelta(days=8))
    assert "article_moment" in days.explain()
