"""Listeners on loopback that play a site, closed again after each test."""

from collections.abc import Callable, Iterator

import pytest

from tests.news.http.hostile import Answer, Listener


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    opened: list[Listener] = []

    def start(answers: dict[str, Answer] | None = None, address: tuple[str, int] = ("127.0.0.1", 0)) -> Listener:
        opened.append(Listener(answers or {}, address))
        return opened[-1]

    yield start
    for listener in opened:
        listener.close()
