"""What a killed worker held is free at once; what a living one holds is not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from news import pipeline
from news.liveness import BACKEND, backend
from news.models import Article, Host, Source, Stage

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(minutes=5)


@pytest.fixture
def other() -> Iterator["psycopg.Connection[tuple[str]]"]:
    """Another process's connection to the same database."""
    values = connection.settings_dict
    with psycopg.connect(host=values["HOST"], user=values["USER"], dbname=values["NAME"], autocommit=True) as line:
        yield line


def _name_of(other: "psycopg.Connection[tuple[str]]") -> str:
    row = other.execute(BACKEND).fetchone()
    assert row
    return row[0]


def _end(other: "psycopg.Connection[tuple[str]]", ended: Callable[[], object]) -> None:
    """Close it as a kill does, and wait until the server has seen it."""
    pid = other.info.backend_pid
    other.close()
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT pg_sleep(0.01)")
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
            if cursor.fetchone() == (0,):
                break
    ended()


def _article(lease: str) -> Article:
    number = Article.objects.count()
    url = f"https://a.cn/{number}"
    return Article.objects.create(
        canonical_url=url, url=url, host="a.cn", stage=Stage.READ, lease=lease, leased_until=timezone.now() + LATER
    )


def test_the_name_of_a_connection_is_the_same_within_it_and_another_elsewhere(
    other: "psycopg.Connection[tuple[str]]",
) -> None:
    assert backend() == backend()
    assert backend() != _name_of(other)
    assert len(backend()) <= 21


def test_a_killed_workers_article_is_claimed_at_the_next_sweep(other: "psycopg.Connection[tuple[str]]") -> None:
    left, held = _article(f"{_name_of(other)}.0123456789abcdef"), _article(f"{backend()}.0123456789abcdef")
    of_old = _article("0123456789abcdef0123456789abcdef")  # of a worker before it was updated: by its time alone
    assert pipeline.sweep() == []
    _end(other, pipeline.sweep)
    now = timezone.now()
    assert set(Article.objects.filter(leased_until__gt=now)) == {held, of_old}
    assert pipeline.claim(pipeline.TABLE[Stage.READ]) == [left]
    assert left.lease != Article.objects.get(pk=left.pk).lease


def test_a_killed_workers_source_is_due_again(other: "psycopg.Connection[tuple[str]]") -> None:
    for number, lease in enumerate((_name_of(other), backend())):
        Source.objects.create(
            kind="feed",
            name=str(number),
            lease=f"{lease}.0123456789abcdef",
            leased_until=timezone.now() + LATER,
            next_at=timezone.now(),
        )
    pipeline.sweep()
    assert Source.objects.filter(leased_until__gt=timezone.now()).count() == 2
    _end(other, pipeline.sweep)
    assert list(Source.objects.filter(leased_until__gt=timezone.now()).values_list("name", flat=True)) == ["1"]


def test_a_killed_workers_turn_ends_with_it_and_the_pace_counts_from_then(
    other: "psycopg.Connection[tuple[str]]", settings: Any
) -> None:
    settings.CRAWL_PACE = 30.0
    for name in ("gone.cn", "here.cn"):
        assert Host.objects.take_turn(name, 60)
    Host.objects.filter(name="gone.cn").update(holder=_name_of(other))
    pipeline.sweep()
    assert Host.objects.filter(busy_until__gt=timezone.now()).count() == 2
    _end(other, pipeline.sweep)
    gone, here = Host.objects.order_by("name")
    now = timezone.now()
    assert gone.busy_until <= now < here.busy_until
    assert timedelta(seconds=25) < gone.next_at - now <= timedelta(seconds=30)
    assert here.holder == backend()
