"""In an outage a process logs one line without a traceback; every other error is logged as ever."""

import errno
import logging
import sys
from typing import Any

import psycopg
import pytest
import redis
from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from news import outages
from news.outages import BROKER, DATABASE, DISK, OneLineAnOutage, outage_of


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def _database_away(folder: str) -> Exception:
    """What Django raises where no PostgreSQL listens."""
    nowhere = DatabaseWrapper(connections["default"].settings_dict | {"HOST": folder}, alias="away")
    with pytest.raises(OperationalError) as caught:
        nowhere.ensure_connection()
    return caught.value


@pytest.mark.django_db
def test_a_database_that_does_not_answer(tmp_path: Any) -> None:
    assert outage_of(_database_away(str(tmp_path))) == DATABASE


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (redis.ConnectionError("refused"), BROKER),
        (redis.TimeoutError("slow"), BROKER),
        (redis.ResponseError("MISCONF Errors writing to disk"), DISK),
        (redis.ResponseError("WRONGTYPE"), ""),
        (OSError(errno.ENOSPC, "No space left on device"), DISK),
        (OSError(errno.EPERM, "Operation not permitted"), ""),
        (_caused(OperationalError("disk"), psycopg.errors.DiskFull()), DISK),
        (_caused(OperationalError("shutting down"), psycopg.errors.AdminShutdown()), DATABASE),
        (_caused(OperationalError("deadlock"), psycopg.errors.DeadlockDetected()), ""),
        (_caused(OperationalError("cancelled"), psycopg.errors.QueryCanceled()), ""),
        (_caused(OperationalError("lock"), psycopg.errors.LockNotAvailable()), ""),
        (_caused(ValueError("of a page"), redis.ConnectionError("refused")), BROKER),
        (IntegrityError("twice"), ""),
        (ValueError("none"), ""),
        (None, ""),
    ],
    ids=str,
)
def test_what_is_an_outage(error: BaseException | None, outage: str) -> None:
    assert outage_of(error) == outage


def _record(error: BaseException | None, name: str = "x") -> logging.LogRecord:
    trouble = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, "", 1, "Task %s failed", ("t",), trouble)


def test_one_line_an_outage_until_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(outages.time, "monotonic", lambda: now[0])
    only = OneLineAnOutage()
    let_through = []
    for step in (0, 5, 25, 31, 20, 29):
        now[0] += step
        record = _record(redis.ConnectionError("refused\nsecond line"))
        if only.filter(record):
            let_through.append((now[0], record.levelname, record.getMessage(), record.exc_info))
    line = "the broker does not answer, work goes on when it does: refused"
    assert let_through == [(1000.0, "WARNING", line, None), (1061.0, "WARNING", line, None)]


def test_a_long_outage_is_said_again_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(outages.time, "monotonic", lambda: now[0])
    only = OneLineAnOutage()
    said = []
    for now[0] in range(0, 1300, 10):
        if only.filter(_record(redis.ConnectionError("refused"))):
            said.append(now[0])
    assert said == [0, 600, 1200]


def test_two_outages_are_two_lines_and_an_error_of_the_code_keeps_its_traceback() -> None:
    only = OneLineAnOutage()
    first, second, other = (
        _record(redis.ConnectionError("refused")),
        _record(OSError(errno.ENOSPC, "full")),
        _record(ValueError("a fault")),
    )
    assert [only.filter(record) for record in (first, second, other, other)] == [True] * 4
    assert second.getMessage() == "the disk is full, work goes on when there is room: [Errno 28] full"
    assert (other.levelname, other.getMessage(), bool(other.exc_info)) == ("ERROR", "Task t failed", True)


def test_the_console_has_the_filter() -> None:
    from django.conf import settings

    assert settings.LOGGING["handlers"]["console"]["filters"] == ["outages"]
    assert settings.LOGGING["filters"]["outages"]["()"] == "news.outages.OneLineAnOutage"


@pytest.mark.django_db
def test_a_fault_within_a_transaction_is_none_of_them() -> None:
    from news.models import Host

    Host.objects.create(name="a.cn")
    try:
        with transaction.atomic():
            Host.objects.create(name="a.cn")
    except IntegrityError:
        assert outage_of(sys.exc_info()[1]) == ""
    else:
        raise AssertionError("no error")
