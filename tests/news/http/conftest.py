"""Listeners that are closed again, and an eye on every connection that is dialled."""

import sys
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


_dialled: list[tuple[str, int]] | None = None


def _watch_connects(event: str, arguments: tuple) -> None:
    if event == "socket.connect" and _dialled is not None:
        _dialled.append(arguments[1])


sys.addaudithook(_watch_connects)


@pytest.fixture
def dialled() -> Iterator[list[tuple[str, int]]]:
    """Every address that this process connects to while the test runs, whoever dials."""
    global _dialled
    _dialled = []
    yield _dialled
    _dialled = None
