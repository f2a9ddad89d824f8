"""What a query means, asked of the worker that holds the encoder: this process must not load it (answering.py).

A question is put on a list of the broker and its answer waited for, briefly. Where no worker listens, or none is free
in time, there is no answer, and the search goes by its words.
"""

from __future__ import annotations

import base64
import json
import logging
import time
import uuid
from functools import cache as once
from typing import Any

import numpy as np
import redis
from django.conf import settings
from django.core.cache import cache
from redis.backoff import NoBackoff
from redis.retry import Retry

from news.embed import fingerprint

QUESTIONS, ANSWER, LISTENS = "jianbao:questions", "jianbao:answer:{}", "jianbao:listens"
WAIT_SECONDS = 0.7
KEPT_SECONDS = 86_400
REST_SECONDS = 10.0  # after a failure nobody is asked for so long
MOST_WAITING = 50  # questions that may wait; what is older is not worth an answer any more

log = logging.getLogger(__name__)
Meaning = tuple[str, np.ndarray]
_rest_until = 0.0


def query_vector(query: str, wait: float = WAIT_SECONDS) -> Meaning | None:
    """The model's key and the query's vector, float32 [dimension], of length one; None where nobody answers in time."""
    global _rest_until
    if time.monotonic() < _rest_until:
        return None
    try:
        return _known_or_asked(query, wait)
    except redis.RedisError as error:
        _rest_until = time.monotonic() + REST_SECONDS
        log.warning("the broker does not answer, the search goes by words: %s", error)
        return None


def _known_or_asked(query: str, wait: float) -> Meaning | None:
    """What was answered before is kept under the name of the model that serves: after a change it is asked anew."""
    listens = _line().get(LISTENS)
    if listens is None:
        return None
    key = f"query-vector-{fingerprint(f'{listens.decode()} {query}')}"
    if (known := cache.get(key)) is None and (known := _ask(query, wait)) is not None:
        cache.set(key, known, KEPT_SECONDS)
    return known


def _ask(query: str, wait: float) -> Meaning | None:
    line = _line()
    name = uuid.uuid4().hex
    question = json.dumps({"name": name, "text": query, "until": time.time() + wait})
    with line.pipeline() as pipe:
        pipe.lpush(QUESTIONS, question).ltrim(QUESTIONS, 0, MOST_WAITING - 1).expire(QUESTIONS, 60).execute()
    answer = line.blpop([ANSWER.format(name)], timeout=wait)
    return unpacked(answer[1]) if answer else None


def packed(model: str, vector: np.ndarray) -> str:
    """An answer as it goes over the line."""
    return json.dumps({"model": model, "vector": base64.b64encode(vector.astype("<f4").tobytes()).decode()})


def unpacked(answer: bytes) -> Meaning:
    said = json.loads(answer)
    return said["model"], np.frombuffer(base64.b64decode(said["vector"]), "<f4").astype(np.float32)


@once
def _line() -> Any:
    return redis.Redis.from_url(
        settings.BROKER_URL,
        socket_connect_timeout=0.3,
        socket_timeout=WAIT_SECONDS + 0.3,
        retry=Retry(NoBackoff(), 0),  # a hung broker must not hold a reader's search
    )
