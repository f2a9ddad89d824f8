"""The worker says what queries mean; items get vectors and likenesses; the suggestions; the evaluation's figures."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from digest.briefings import evaluate_search
from digest.briefings.models import Briefing, Item, SearchEntry
from digest.briefings.search import find
from digest.briefings.search.fusion import fused
from digest.briefings.search.related import related
from digest.briefings.search.vectors import catch_up
from news.embed.serving import serving_revision
from news.models import Topic
from news.search import answering, asking

Issue = Callable[..., Briefing]
ITEMS = [
    {"headline": "助听器换上省电芯片", "text": "耳背的老人一周只充一次电。"},
    {"headline": "助听器也能翻译", "text": "省电的芯片在耳边把外语变成母语。"},
    {"headline": "周末去爬山", "text": "天气很好，路上遇到一群小学生。"},
]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_ranks_are_fused() -> None:
    assert fused([1, 2, 3], [3, 4]) == [3, 1, 2, 4]
    assert fused([], [7, 8]) == [7, 8]


def test_items_get_vectors_and_likenesses(issue: Issue, client: Client) -> None:
    issue("2023-03-10", *ITEMS)
    assert catch_up(lambda: False) == 3 + 3 + 2  # vectors, likenesses, and those of earlier neighbours again
    assert set(SearchEntry.objects.values_list("model", flat=True)) == {serving_revision()}
    first, second, third = Item.objects.order_by("position")
    assert [item.pk for item in related(first)][:1] == [second.pk]
    assert second.headline in client.get(first.get_absolute_url()).content.decode()
    assert catch_up(lambda: False) == 0
    assert third not in related(first)


@pytest.mark.django_db(transaction=True)
def test_a_query_is_answered_by_the_worker(issue: Issue) -> None:
    issue("2023-03-10", *ITEMS)
    catch_up(lambda: False)
    end = answering.start()
    try:
        line = asking._line()
        while not line.exists(asking.LISTENS):
            time.sleep(0.05)
        meaning = asking.query_vector("听力不好的人戴的设备", wait=30)
        assert meaning is not None
        assert meaning[0] == serving_revision()
        result = find("听力不好的人戴的设备")
        assert result.hits[0].item.position in (1, 2)
        assert (result.is_by_words, "意思相近 0." in result.hits[0].why) == (False, True)
    finally:
        end()
        asking._line().delete(asking.LISTENS)


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_for_the_model_that_gave_it(issue: Issue) -> None:
    line, query = asking._line(), "夜里听得见什么"
    end = answering.start()
    try:
        while not line.exists(asking.LISTENS):
            time.sleep(0.05)
        meaning = asking.query_vector(query, wait=30)
    finally:
        end()
    try:
        kept = asking.query_vector(query, wait=0.1)
        assert meaning is not None
        assert kept is not None
        assert (kept[0], kept[1].tolist()) == (meaning[0], meaning[1].tolist())
        line.set(asking.LISTENS, "another model")
        assert asking.query_vector(query, wait=0.1) is None
    finally:
        line.delete(asking.LISTENS, asking.QUESTIONS)


def test_without_a_worker_the_words_alone_are_searched(issue: Issue, client: Client) -> None:
    issue("2023-03-10", *ITEMS)
    assert asking.query_vector("助听器") is None
    page = client.get("/search/", {"q": "助听器"}).content.decode()
    assert "按字词查找" in page
    assert "标题含 助听器" in page


def test_filters_and_order(issue: Issue) -> None:
    issue("2023-03-10", *ITEMS)
    issue("2023-03-17", {"headline": "又一款助听器", "source_name": "示例电子"})
    assert [hit.item.position for hit in find("助听器", {"from": "2023-03-11"}).hits] == [1]
    assert len(find("助听器", {"to": "2023-03-11", "from": "x"}).hits) == 2
    assert [hit.item.source_name for hit in find("助听器", {"source": "示例"}).hits] == ["示例电子"]
    dated = find("助听器", {"sort": "date"}).hits
    assert [hit.item.briefing.number for hit in dated] == ["20230317", "20230310", "20230310"]


def test_suggestions(issue: Issue, client: Client, topic: Callable[..., Topic]) -> None:
    topic("hearing", "助听设备", "Hearing")
    issue("2023-03-10", *ITEMS)
    found = client.get("/search/suggest/", {"q": "助聽"}).json()["suggestions"]
    assert [(each["text"], each["kind"]) for each in found] == [
        ("助听设备", "主题"),
        ("助听器换上省电芯片", "标题"),
        ("助听器也能翻译", "标题"),
    ]
    for odd in ("", " ", "\x00", "'", "x" * 500):
        assert client.get("/search/suggest/", {"q": odd}).json() == {"suggestions": []}


@pytest.mark.django_db
def test_the_bundled_figures() -> None:
    report = evaluate_search.bundled(lambda done, of: None)
    assert report.cases == 123
    figures = {name: figure.value for name, figure in report.figures.items()}
    assert figures["success_at_5"] >= max(figures["success_at_5_words"], figures["success_at_5_meaning"])
    assert figures["mrr"] > figures["mrr_words"]
    assert Item.objects.count() == SearchEntry.objects.count() == 0
