"""Nearest vectors: exact without an index, close to it with one; and the indexes of old models go in good time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from news.embed import near, near_index
from news.embed.near import nearest
from news.models import Embedding, ServingModel
from tests.news.articles import make_article

NOW, BEFORE = "now@1", 'before\'s "odd" model@1'


@pytest.fixture
def served() -> ServingModel:
    return ServingModel.objects.create(pk=1, key=NOW, source="bundled")


def _vectors(count: int, seed: int = 1) -> np.ndarray:
    """Twenty clusters, eight numbers each, length one."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(20, 8))[random.integers(0, 20, count)] + 0.3 * random.normal(size=(count, 8))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _keep(vectors: np.ndarray, model: str = NOW) -> list[str]:
    keys = [f"{number:064d}" for number in range(len(vectors))]
    rows = zip(keys, vectors, strict=True)
    Embedding.objects.bulk_create([Embedding(model=model, text_hash=key, vector=row) for key, row in rows])
    return keys


def _truly_nearest(vectors: np.ndarray, query: np.ndarray, limit: int) -> list[int]:
    return [int(place) for place in np.argsort(-(vectors @ query), kind="stable")[:limit]]


@pytest.mark.django_db
def test_exactly_the_nearest_with_their_cosine_and_of_one_model_only() -> None:
    vectors = _vectors(300)
    keys = _keep(vectors)
    _keep(_vectors(300, seed=2), BEFORE)
    query = vectors[7]
    found = nearest(query, 5, model=NOW)
    assert [key for key, _ in found] == [keys[place] for place in _truly_nearest(vectors, query, 5)]
    assert found[0] == (keys[7], pytest.approx(1.0, abs=1e-6))
    assert [cosine for _, cosine in found] == pytest.approx(sorted(vectors @ query)[:-6:-1], abs=1e-5)
    assert nearest(query, 5, model="nobody@1") == []


@pytest.mark.django_db
def test_what_is_named_is_left_out() -> None:
    vectors = _vectors(50)
    keys = _keep(vectors)
    found = nearest(vectors[3], 3, exclude=[keys[3]], model=NOW)
    assert [key for key, _ in found] == [keys[place] for place in _truly_nearest(vectors, vectors[3], 4)[1:]]


@pytest.mark.django_db
def test_a_span_of_time_asks_for_articles_of_that_time_both_ends_included() -> None:
    noon = datetime(2023, 3, 10, 12, tzinfo=UTC)
    days = [make_article(f"第 {n} 天", "正文", published_at=noon + timedelta(days=n)) for n in range(4)]
    unknown = make_article("不知何时", "正文")  # taken as of the moment it was found
    hashes = [article.text_hash for article in [*days, unknown]]
    for text_hash in [*hashes, "a topic's example"]:
        Embedding.objects.create(model=NOW, text_hash=text_hash, vector=[1.0, 0.0])
    ask = np.array([1.0, 0.0])

    def found(first: datetime | None, last: datetime | None) -> set[str]:
        return {key for key, _ in nearest(ask, 10, moments=(first, last), model=NOW)}

    assert found(noon, noon + timedelta(days=1)) == set(hashes[:2])
    assert found(noon + timedelta(days=2), None) == set(hashes[2:])
    assert found(None, noon) == {hashes[0]}
    assert found(None, None) == set(hashes)


@pytest.mark.django_db(transaction=True)
class TestTheIndex:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch, served: ServingModel) -> Iterator[None]:
        monkeypatch.setattr(near_index, "BUILD_AT", 400)
        yield
        for name in near_index.indexes():
            near_index._drop(name)

    def test_is_built_when_there_are_many_and_not_before(self) -> None:
        _keep(_vectors(399))
        near_index.tend()
        assert near_index.indexes() == {}
        Embedding.objects.create(model=NOW, text_hash="one more", vector=_vectors(1)[0])
        near_index.tend()
        near_index.tend()
        assert near_index.indexes() == {near_index.index_name(NOW): True}

    def test_is_what_a_search_uses_and_finds_nearly_all(self) -> None:
        vectors = _vectors(2_000)
        keys = _keep(vectors)
        near_index.tend()
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            cursor.execute("SET enable_sort = off")
            plan = _plan(vectors[0])
            cursor.execute("RESET enable_seqscan")
            cursor.execute("RESET enable_sort")
        assert f"Index Scan using {_name(NOW)}" in plan
        hits = 0
        for query in _vectors(50, seed=3):
            truth = {keys[place] for place in _truly_nearest(vectors, query, 10)}
            hits += len(truth & {key for key, _ in nearest(query, 10, model=NOW)})
        assert hits >= 490  # of 500

    def test_one_that_was_broken_off_is_made_anew(self) -> None:
        _keep(_vectors(500))
        near_index.build(NOW)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [_name(NOW)])
        assert near_index.indexes() == {_name(NOW): False}
        near_index.tend()
        assert near_index.indexes() == {_name(NOW): True}

    def test_a_model_in_the_making_gets_its_own_before_it_serves(self) -> None:
        _keep(_vectors(400), BEFORE)
        near_index.tend()
        assert near_index.indexes() == {_name(BEFORE): True}

    def test_an_old_model_keeps_its_vectors_for_a_while_then_they_and_the_index_go(self) -> None:
        _keep(_vectors(400), BEFORE)
        _keep(_vectors(30))
        near_index.tend()
        _age(Embedding.objects.filter(model=BEFORE), days=13)
        _serve_since(days=13)
        near_index.tend()
        assert (Embedding.objects.count(), list(near_index.indexes())) == (430, [_name(BEFORE)])
        _age(Embedding.objects.filter(model=BEFORE), days=15)
        near_index.tend()  # the switch itself is younger than the grace
        assert Embedding.objects.count() == 430
        _serve_since(days=15)
        near_index.tend()
        assert set(Embedding.objects.values_list("model", flat=True)) == {NOW}
        assert near_index.indexes() == {}

    def test_forgetting_stops_when_told_and_goes_on_the_next_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(near_index, "BATCH", 10)
        _keep(_vectors(35), BEFORE)
        _age(Embedding.objects.all(), days=20)
        _serve_since(days=20)
        answers = iter([False, False, True])
        near_index.tend(lambda: next(answers))
        assert Embedding.objects.count() == 15
        near_index.tend()
        assert Embedding.objects.count() == 0


def _name(model: str) -> str:
    return near_index.index_name(model)


def _plan(vector: np.ndarray) -> str:
    return near._roughly(Embedding.objects.filter(model=NOW), vector, 200).explain()


def _age(rows: QuerySet[Embedding], days: int) -> None:
    rows.update(created_at=timezone.now() - timedelta(days=days))


def _serve_since(days: int) -> None:
    ServingModel.objects.update(since=timezone.now() - timedelta(days=days))
