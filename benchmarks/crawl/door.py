"""Asking through the product's one door, against a hostile listener, with an eye on all that is dialled."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from news.http import FetchError, Guard, Response, fetch
from tests.news.http.hostile import Answer, Listener


@dataclass
class Tally:
    """What all trials of the door have in common: C1 is the sum of them."""

    asked: int = 0
    refused: int = 0
    logged: int = 0  # refusals whose reason stands in the log
    inside: int = 0  # connections that reached a listener that nobody may reach
    messages: list[str] = field(default_factory=list)

    def ask(self, url: str, guard: Guard | None = None, **options: Any) -> str:
        """ "200", or the reason why not."""
        answer = self.fetch(url, guard, **options)
        return str(answer.status) if isinstance(answer, Response) else answer.reason.value

    def fetch(self, url: str, guard: Guard | None = None, **options: Any) -> Response | FetchError:
        self.asked += 1
        self.messages.clear()
        try:
            return fetch(url, guard=guard, **options)
        except FetchError as error:
            self.refused += 1
            self.logged += any(f"failed: {error.reason.value}," in message for message in self.messages)
            return error

    @contextmanager
    def listening_to_the_log(self) -> Iterator[None]:
        ear, logger = _Ear(self.messages), logging.getLogger("news.http")
        before = logger.level, logger.propagate
        logger.addHandler(ear)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(ear)
            logger.setLevel(before[0])
            logger.propagate = before[1]


class _Ear(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__()
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def listening(
    answers: dict[str, Answer] | None = None, address: tuple[str, int] = ("127.0.0.1", 0)
) -> Iterator[Listener]:
    server = Listener(answers or {}, address)
    try:
        yield server
    finally:
        server.close()
