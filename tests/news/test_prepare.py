"""What is prepared for a whole batch: vectors made together; and a poison article costs nobody else."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from news import pipeline, steps
from news.embed.stored import serving
from news.models import Article, Embedding, Stage
from news.pipeline import TABLE, Step
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db


class Death(BaseException):
    """What kill -9 looks like from inside: nothing more is done."""


def test_the_vectors_of_a_batch_are_made_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for title in ("芯片", "语音", "检测"):
        make_article(title, "正文", stage=Stage.READ)
    calls: list[int] = []
    encode = type(serving()).encode

    def counted(engine: Any, texts: Sequence[str], *purpose: Any) -> Any:
        calls.append(len(texts))
        return encode(engine, texts, *purpose)

    monkeypatch.setattr(type(serving()), "encode", counted)
    assert pipeline.advance(Stage.READ) == 3
    assert [count for count in calls if count] == [3]
    assert Embedding.objects.count() == 3
    assert set(Article.objects.values_list("stage", flat=True)) == {Stage.EMBEDDED}


def test_what_fails_for_the_batch_is_done_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = _prepare_by(monkeypatch, ZeroDivisionError)
    numbers = [make_article(title, "正文", stage=Stage.READ).pk for title in ("芯片", "语音")]
    assert pipeline.advance(Stage.READ) == 2
    assert prepared == [numbers]
    assert list(Article.objects.values_list("stage", "attempts")) == [(Stage.EMBEDDED, 0)] * 2


def test_a_batch_that_ended_its_worker_is_not_prepared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = _prepare_by(monkeypatch, Death)
    for title in ("芯片", "语音"):
        make_article(title, "正文", stage=Stage.READ)
    with pytest.raises(Death):
        pipeline.advance(Stage.READ)
    Article.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert pipeline.advance(Stage.READ) == 2
    assert len(prepared) == 1
    assert set(Article.objects.values_list("stage", flat=True)) == {Stage.EMBEDDED}


def test_one_that_failed_before_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = _prepare_by(monkeypatch, None)
    make_article("坏过", "正文", stage=Stage.READ, attempts=1)
    numbers = [make_article(title, "正文", stage=Stage.READ).pk for title in ("芯片", "语音")]
    assert pipeline.advance(Stage.READ) == 3
    assert prepared == [numbers]


def _prepare_by(monkeypatch: pytest.MonkeyPatch, failure: type[BaseException] | None) -> list[list[int]]:
    """The batches that were to be prepared are noted; then it fails, if it shall."""
    prepared: list[list[int]] = []

    def prepare(articles: Sequence[Article]) -> None:
        prepared.append([article.pk for article in articles])
        if failure:
            raise failure

    monkeypatch.setitem(TABLE, Stage.READ, Step(Stage.READ, steps.embed, Stage.EMBEDDED, "gpu", 8, prepare))
    return prepared
