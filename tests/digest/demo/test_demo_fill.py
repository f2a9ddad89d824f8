"""The demo is made by the pipeline, is marked as a sample, and goes away without a trace."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from digest.briefings.lint import lint
from digest.briefings.models import Briefing, Item, ItemName
from digest.briefings.trends import trends
from digest.demo import content, fill
from digest.demo.proxy import serve
from digest.events.models import Event, Signup, Tour
from news.models import Article, Lead, Picture, PictureState, Snapshot, Source, Stage, Story, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(settings: Any) -> Iterator[None]:
    with serve(content.PAGES) as proxy:
        settings.CRAWL_PROXY, settings.CRAWL_CA_BUNDLE, settings.CRAWL_PACE = proxy.url, str(proxy.ca_path), 0.0
        yield


@pytest.mark.usefixtures("web")
def test_filled_marked_and_removed() -> None:
    own = Briefing.objects.create(date=date(2026, 11, 20))
    told: list[tuple[int, int]] = []
    fill.fill(lambda done, total: told.append((done, total)))
    assert told[-1] == (24, 24)

    newest, older = Briefing.objects.filter(is_sample=True)
    assert (newest.number, newest.items.count(), older.number, older.items.count()) == ("20230310", 7, "20230303", 6)
    assert Article.objects.filter(is_sample=True, stage=Stage.SUMMARISED).count() == 12
    assert [item.article is None for item in newest.items.order_by("position")] == [False] * 6 + [True]
    assert [item.is_machine_made for item in newest.items.order_by("position")] == [True] * 6 + [False]
    assert all(100 <= len(text) <= 200 for text in Item.objects.exclude(article=None).values_list("text", flat=True))
    assert [finding.item.position for finding in lint(newest) if finding.item] == [6, 7]

    named = ItemName.objects.readable().filter(item__briefing=newest)
    assert {"WTM2101", "Hailo-15", "GPT-4", "PaLM-E"} <= set(named.values_list("name__label", flat=True))
    assert trends().days == (older.date, newest.date)

    picture = Picture.objects.get()
    assert (picture.url, picture.state) == (*content.PICTURES, PictureState.OK)

    tour = Tour.objects.get()
    assert (tour.is_sample, list(tour.briefings.all())) == (True, [newest])
    cities = list(tour.events.order_by("position").values_list("city", flat=True))
    assert cities == ["青岛", "北京", "西安", "成都", "武汉", "郑州", "杭州", "深圳"]
    assert set(Event.objects.exclude(starts_at=None).values_list("city", flat=True)) == {"杭州", "深圳"}

    fill.remove()
    kinds = (Article, Lead, Snapshot, Source, Story, Tour, Event, Signup, Item, Picture)
    assert [kind.objects.count() for kind in kinds] == [0] * len(kinds)
    assert list(Briefing.objects.all()) == [own]
    assert Topic.objects.count() == 18  # the topics are the site's, not the demo's


@pytest.mark.usefixtures("web")
def test_begun_anew_after_an_interruption() -> None:
    fill.fill(lambda done, total: None)
    fill.fill(lambda done, total: None)
    assert Briefing.objects.count() == 2
    assert Article.objects.count() == 12


def test_a_site_of_ones_own_is_left_alone() -> None:
    assert fill.is_empty()
    Article.objects.create(canonical_url="https://a.example/", url="https://a.example/", host="a.example")
    assert not fill.is_empty()
