"""Sends Celery messages without delaying or failing the caller.

Messages carry no work: they tell a worker to look at the tables, and the sweep finds what a lost one would have told.
So one short try is enough, and after a failure none is made for a while.
"""

import logging
import os
import time
from typing import Any

import redis
from celery import Task, current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from kombu.pools import ProducerPool

CONNECT_SECONDS, ANSWER_SECONDS = 0.3, 0.5  # at most, of one try
REST_SECONDS = 5.0  # after a failure
EXPIRES_SECONDS = 120  # a message that nobody read by then is worth nothing: the sweep sends a new one

log = logging.getLogger(__name__)
_pools: dict[int, ProducerPool] = {}  # by process: a forked worker must not share its parent's sockets
_rest_until = 0.0


def enqueue(task: "Task[Any, Any]", *args: object, queue: str, after: float = 0) -> None:
    """Send one message once the open transaction is committed, to be read in `after` seconds or later."""
    transaction.on_commit(lambda: send(task, args, queue=queue, after=after))


def send(task: "Task[Any, Any]", args: tuple[Any, ...] = (), *, queue: str, after: float = 0) -> bool:
    """Send one message now, in one try. Returns whether the broker took it; a failure is logged and raises nothing."""
    global _rest_until
    if time.monotonic() < _rest_until:
        return False
    try:
        with _pool().acquire(block=True, timeout=ANSWER_SECONDS) as producer:
            task.apply_async(
                args, queue=queue, countdown=after, expires=EXPIRES_SECONDS + after, producer=producer, retry=False
            )
    except (OperationalError, redis.RedisError, OSError) as error:
        _rest_until = time.monotonic() + REST_SECONDS
        log.warning("the broker does not answer, the sweep will find the work: %s", error)
        return False
    return True


def _pool() -> ProducerPool:
    pid = os.getpid()
    if pid not in _pools:
        options: dict[str, Any] = {
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "max_retries": 1,
            "interval_start": 0,
        }
        connection = current_app.connection_for_write(transport_options=options)
        _pools[pid] = ProducerPool(connection.Pool(limit=8), limit=8)
    return _pools[pid]
