"""Sending a message neither delays nor fails the caller, whatever the broker does."""

import os
import signal
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import transaction

from digest.embedded import VAR_DIR
from news import enqueue
from news.models import Stage
from news.search import asking
from news.tasks import sweep, work

QUEUE = "test-enqueue"


@pytest.fixture
def broker() -> Iterator["redis.Redis"]:
    """The real broker; hung and released by the tests."""
    enqueue._rest_until = asking._rest_until = 0.0
    line = redis.Redis.from_url(settings.BROKER_URL)
    line.delete(QUEUE)
    yield line
    os.kill(_pid(), signal.SIGCONT)
    line.delete(QUEUE)
    enqueue._rest_until = asking._rest_until = 0.0


def _pid() -> int:
    return int((VAR_DIR / "valkey" / "pid").read_text())


def test_a_message_is_sent_once_after_the_commit(broker: "redis.Redis", transactional_db: None) -> None:
    with transaction.atomic():
        enqueue.enqueue(sweep, queue=QUEUE)
        assert broker.llen(QUEUE) == 0
    assert broker.llen(QUEUE) == 1


def test_nothing_is_sent_when_the_transaction_is_rolled_back(broker: "redis.Redis", transactional_db: None) -> None:
    with transaction.atomic():
        enqueue.enqueue(work, Stage.FOUND.value, queue=QUEUE)
        transaction.set_rollback(True)
    assert broker.llen(QUEUE) == 0


def test_a_hung_broker_is_tried_once_and_then_left_alone(
    broker: "redis.Redis", caplog: pytest.LogCaptureFixture
) -> None:
    assert enqueue.send(sweep, queue=QUEUE)
    os.kill(_pid(), signal.SIGSTOP)
    assert [enqueue.send(sweep, queue=QUEUE) for _ in range(100)] == [False] * 100
    assert [record.name for record in caplog.records] == ["news.enqueue"]
    os.kill(_pid(), signal.SIGCONT)
    enqueue._rest_until = 0.0
    assert enqueue.send(sweep, queue=QUEUE)


def test_a_broker_that_is_gone_fails_nothing(
    broker: "redis.Redis", caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("news.enqueue._pools", {})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("celery.current_app.conf.broker_write_url", "redis+socket:///nowhere/valkey.sock")
        assert enqueue.send(sweep, queue=QUEUE) is False
    assert [record.name for record in caplog.records] == ["news.enqueue"]


def test_a_search_asks_a_hung_broker_once(broker: "redis.Redis") -> None:
    os.kill(_pid(), signal.SIGSTOP)
    assert [asking.query_vector("芯片", wait=0.2) for _ in range(50)] == [None] * 50
