"""With little room on the disk nothing is worked on; a line says so, and another when it goes on."""

import logging
from typing import Any

import pytest

from news import free_space, pipeline
from news.models import Article, Stage
from tests.news.articles import make_article

pytestmark = pytest.mark.django_db(transaction=True)
ALL_THERE_IS = 10**9  # MiB: more than any disk has


@pytest.fixture(autouse=True)
def _looks_each_time(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(free_space, "CHECK_SECONDS", 0.0)
    yield
    free_space._is_low = False


def test_nothing_is_worked_on_until_there_is_room(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    make_article("一块新板子", "一块新板子。" * 40, stage=Stage.EMBEDDED)
    settings.MIN_FREE_MB = ALL_THERE_IS
    assert [pipeline.advance(Stage.EMBEDDED), pipeline.advance(Stage.EMBEDDED)] == [0, 0]
    assert Article.objects.get().stage == Stage.EMBEDDED
    settings.MIN_FREE_MB = 0
    assert pipeline.advance(Stage.EMBEDDED) == 1
    assert Article.objects.get().stage == Stage.FILED
    said = [record.getMessage().split("MiB ", 1)[1] for record in caplog.records if record.name == "news.free_space"]
    assert said == [
        f"are free on the disk of {settings.VAR_DIR}, {ALL_THERE_IS} are needed: "
        "crawling and mailing stop until there is room",
        "are free again: crawling and mailing go on",
    ]
