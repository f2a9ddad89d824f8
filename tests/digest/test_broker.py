"""The transport raises a connection error where kombu's own raises AttributeError, and redis-py does not retry."""

import pytest
import redis
from django.conf import settings
from kombu import Connection
from kombu.transport import redis as kombu_redis

from digest.broker import Channel
from digest.celery import app


@pytest.fixture
def connection() -> Connection:
    return app.connection_for_write()


def test_a_channel_whose_connection_was_collected_raises_a_connection_error(connection: Connection) -> None:
    with connection.channel() as channel:
        assert isinstance(channel, Channel)
        channel.connection.client = None
        with pytest.raises(AttributeError, match="hostname"):
            kombu_redis.Channel._connparams(channel)
        with pytest.raises(redis.ConnectionError, match="the connection to the broker was closed"):
            channel._connparams()
        channel.connection.client = connection


def test_the_consumer_takes_that_error_for_a_lost_connection(connection: Connection) -> None:
    assert redis.ConnectionError in connection.transport.connection_errors
    assert app.conf.worker_consumer == "digest.broker:SteadyConsumer"
    assert settings.BROKER_URL.startswith("unix://")


def test_one_try(connection: Connection) -> None:
    with connection.channel() as channel:
        assert channel._connparams()["retry"].get_retries() == 0
