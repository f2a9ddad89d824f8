"""Says what queries mean, in a thread of the worker that holds the encoder; asking.py is the other end of the line."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from news.embed.serving import model_key, serving
from news.search.asking import ANSWER, LISTENS, QUESTIONS, packed

LISTEN_SECONDS = 5  # how long one look at the list takes at most
LOST_SECONDS = 15  # after so long without a sign of us nobody asks any more
ANSWER_SECONDS = 10
REST_SECONDS = 2

log = logging.getLogger(__name__)


def start() -> Callable[[], None]:
    """Listen in a thread of this process until it ends; what this gives ends the listening and waits for it."""
    stop = threading.Event()
    thread = threading.Thread(target=_listen, args=(stop,), daemon=True, name="answers searches")
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end


def _listen(stop: threading.Event) -> None:
    line: Any = redis.Redis.from_url(settings.BROKER_URL, socket_timeout=LISTEN_SECONDS + 5)
    while not stop.is_set():
        try:
            _warm_up()
            while not stop.is_set():
                line.set(LISTENS, model_key(serving()), ex=LOST_SECONDS)
                if found := line.brpop([QUESTIONS], timeout=LISTEN_SECONDS):
                    _answer(line, found[1])
        except (redis.RedisError, DatabaseError, OSError, RuntimeError, ValueError) as error:
            log.warning("searches go by words for a while: %s: %s", type(error).__name__, error)
            stop.wait(REST_SECONDS)
        finally:
            connections.close_all()


def _warm_up() -> None:
    """Load the encoder before anybody is told that we listen."""
    serving().encode(["简报"])


def _answer(line: Any, question: bytes) -> None:
    asked = json.loads(question)
    if time.time() > asked["until"]:
        return
    close_old_connections()
    engine = serving()
    vector = engine.encode([asked["text"]], "query")[0]
    answer = ANSWER.format(asked["name"])
    with line.pipeline() as pipe:
        pipe.rpush(answer, packed(model_key(engine), vector)).expire(answer, ANSWER_SECONDS).execute()
