"""One line in the log for each outage and process, however many calls fail meanwhile, and no traceback.

An outage is a database or broker that does not answer, or a full disk. What it means for each call stands in the code
that makes the call; the log only has to say that it began.
"""

import errno
import logging
import time
from collections.abc import Iterator

import redis
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError

DATABASE, BROKER, DISK = "database", "broker", "disk"
SAID = {
    DATABASE: "the database does not answer, work goes on when it does: %s",
    BROKER: "the broker does not answer, work goes on when it does: %s",
    DISK: "the disk is full, work goes on when there is room: %s",
}
QUIET_SECONDS = 30.0  # without a failure: the next one is a new outage
REMIND_SECONDS = 600.0  # in a long outage
CONSUMER = "celery.worker.consumer.consumer"
LOST = ("consumer: Connection to broker lost", "consumer: Cannot connect to")
# SQLSTATE classes of django.db.OperationalError that tell of a statement, not of an outage.
STATEMENT_STATES = ("40", "55", "57014")


def outage_of(error: BaseException | None) -> str:
    """Return DATABASE, BROKER or DISK where `error`, or what caused it, tells of an outage; else ""."""
    for found in _chain(error):
        if _is_full_disk(found):
            return DISK
    for found in _chain(error):
        if isinstance(found, redis.ConnectionError | redis.TimeoutError | BrokerError):
            return BROKER
        if isinstance(found, InterfaceError | OperationalError) and not _is_of_statement(found):
            return DATABASE
    return ""


class OneLineAnOutage(logging.Filter):
    """Let the first record of an outage through, as one line; drop those that follow while it lasts."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, float] = {}  # outage -> when a line was let through, of time.monotonic
        self.seen: dict[str, float] = {}  # outage -> the last failure

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else _argument(record)
        outage = outage_of(error)
        if not outage and record.name == CONSUMER and str(record.msg).startswith(("%s (%r)", *LOST)):
            outage, error = BROKER, _argument(record)
        if not outage:
            return True
        now = time.monotonic()
        lasting = now - self.seen.get(outage, -QUIET_SECONDS) < QUIET_SECONDS
        self.seen[outage] = now
        if lasting and now - self.said.get(outage, -REMIND_SECONDS) < REMIND_SECONDS:
            return False
        self.said[outage] = now
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = SAID[outage], (_first_line(error) or record.getMessage(),)
        record.exc_info = record.exc_text = None
        return True


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_full_disk(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    # PostgreSQL: disk_full; Valkey: it refuses to write while it cannot save.
    return getattr(error, "sqlstate", None) == "53100" or (
        isinstance(error, redis.ResponseError) and str(error).startswith("MISCONF")
    )


def _is_of_statement(error: BaseException) -> bool:
    state = next((state for found in _chain(error) if (state := getattr(found, "sqlstate", None))), None)
    return bool(state) and str(state).startswith(STATEMENT_STATES)


def _argument(record: logging.LogRecord) -> BaseException | None:
    arguments = record.args if isinstance(record.args, tuple) else ()
    return next((value for value in arguments if isinstance(value, BaseException)), None)


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error).strip().splitlines()), "") if error else ""
