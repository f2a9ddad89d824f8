"""One time limit over everything, and no connection left open after it. The servers here would go on for ever."""

import socket
import threading
from collections.abc import Callable

import pytest

from news.http import FetchError, Reason, fetch
from tests.news.http.hostile import Listener, guard_for, page, redirect

Listen = Callable[..., Listener]


@pytest.fixture(autouse=True)
def _short_limit(settings: object) -> None:
    settings.CRAWL_TIMEOUT = 0.4


def drip(server: Listener, start: bytes, again: bytes) -> Callable[[socket.socket, bytes], None]:
    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(start)
        server.drip(connection, again)

    return answer


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\0",
            b"",
        ),
    ],
)
def test_a_server_that_drips_is_cut(listen: Listen, start: bytes, again: bytes) -> None:
    server = listen()
    server.answers["/"] = drip(server, start, again)
    assert failure(server) == (Reason.DEADLINE, False)


def test_the_limit_runs_over_all_hops(listen: Listen, settings: object) -> None:
    server = listen()

    def late(connection: socket.socket, request: bytes) -> None:
        server.closing.wait(0.15)
        connection.sendall(redirect(f"/{int(request[5:6]) + 1}"))

    server.answers = {f"/{n}": late for n in range(5)} | {"/5": page()}
    assert failure(server, "/0") == (Reason.DEADLINE, False)
    settings.CRAWL_TIMEOUT = 20
    assert fetch(server.url("/0"), guard=guard_for(server)).status == 200


def test_a_resolver_that_hangs_does_not_hold_a_fetch(listen: Listen) -> None:
    server = listen({"/": page()})
    release = threading.Event()
    guard = guard_for(server, resolver=lambda host: [str(release.wait(30))])
    with pytest.raises(FetchError) as caught:
        fetch(server.url(), guard=guard)
    release.set()
    assert (caught.value.reason, server.connections) == (Reason.DEADLINE, 0)


def test_nothing_is_left_running(listen: Listen) -> None:
    server = listen({"/": page()})
    with pytest.raises(FetchError):
        fetch("http://localhost/")
    fetch(server.url(), guard=guard_for(server))
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert [timer.finished.is_set() for timer in timers] == [True] * len(timers)


def failure(server: Listener, path: str = "/") -> tuple[Reason, bool]:
    with pytest.raises(FetchError) as caught:
        fetch(server.url(path), guard=guard_for(server))
    return caught.value.reason, caught.value.permanent
