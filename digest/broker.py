"""Celery's connection to the broker, mended where an outage would end a worker or delay it.

kombu 5.7 (also with redis 7.4): after a lost connection the consumer collects it, and the transport forgets its client.
A channel that is still used then, e.g. to acknowledge a task that ends just now, asks the forgotten client for its host
and raises AttributeError: 'NoneType' object has no attribute 'hostname'. The worker takes that for a bug and exits.
Here the channel raises the connection error that it means, which the consumer answers by connecting again.
"""

import warnings
from functools import partial
from typing import Any

import redis
from celery.exceptions import CPendingDeprecationWarning
from celery.worker.consumer import Consumer
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis
from redis.backoff import NoBackoff
from redis.retry import Retry

CONNECT_AGAIN_SECONDS = 3.0  # between two tries; kombu's own grow to 30 s


class Channel(kombu_redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection.client is None:
            raise redis.ConnectionError("the connection to the broker was closed")
        # redis-py would try three more times, with seconds between; those who call have their own rule.
        return super()._connparams(asynchronous) | {"retry": Retry(NoBackoff(), 0)}  # type: ignore[misc]


class Transport(kombu_redis.Transport):
    Channel = Channel


class SteadyConsumer(Consumer):
    """A consumer that tries to connect again every few seconds, however long the broker was away."""

    def ensure_connected(self, conn: Connection) -> Connection:
        kept: Any = conn
        kept.ensure_connection = partial(
            kept.ensure_connection, interval_start=0.5, interval_step=0.5, interval_max=CONNECT_AGAIN_SECONDS
        )
        return super().ensure_connected(conn)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        with warnings.catch_warnings():  # it warns each time of what Celery 6 will do with running tasks
            warnings.simplefilter("ignore", CPendingDeprecationWarning)
            super().on_connection_error_after_connected(exc)


def install() -> None:
    """Make kombu use this transport for redis addresses."""
    for alias in ("redis", "rediss"):
        TRANSPORT_ALIASES[alias] = "digest.broker:Transport"
