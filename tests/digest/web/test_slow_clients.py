"""A client that is too slow, or that holds too many connections, loses them; others do not notice."""

import socket
import time

import pytest

from tests.digest.web.servers import Serving, answer, held, until

LATE = "请求没有及时发完。\nThe request was not completed in time.\n".encode()
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"G",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        POST + b"Content-Length: 10\r\n\r\n",
        POST + b"Content-Length: 10\r\n\r\n123456789",
        POST + b"Transfer-Encoding: chunked\r\n\r\nA\r\n123456789",
        POST + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    ],
)
def test_an_incomplete_request_is_answered_408_and_closed(short: Serving, sent: bytes) -> None:
    with short.open() as client:
        client.sendall(sent)
        if b"Expect" in sent:
            assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert answer(client) == (408, LATE)


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nX-Slow: ", POST + b"Content-Length: 1000\r\n\r\n", b"\r\n"])
def test_a_dripping_request_does_not_stay(short: Serving, start: bytes) -> None:
    with short.open() as client:
        client.sendall(start)
        drip = b"\r\n" if start == b"\r\n" else b"x"
        client.settimeout(0.1)
        received = b""
        for _ in range(300):
            try:
                client.send(drip)
                received += (data := client.recv(65536))
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                break
            if not data:
                break
        else:
            raise AssertionError("the connection stays")
    assert received.startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_asks_nothing_is_closed_without_a_word(short: Serving) -> None:
    with short.open() as silent, short.open() as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
        assert idle.recv(65536) == b""
        assert silent.recv(65536) == b""


def test_a_request_with_pauses_within_the_limits_is_answered(short: Serving) -> None:
    with short.open() as client:
        for part in (POST, b"Content-Length: 2\r\nConnection: close\r\n\r\n", b"1", b"2"):
            client.sendall(part)
            time.sleep(0.1)
        assert answer(client)[1].startswith(b"POST / 2 127.0.0.1 http")


def test_a_client_that_does_not_read_its_answer_is_cut_off(short: Serving) -> None:
    threads = 8
    clients = [socket.socket() for _ in range(threads)]
    for client in clients:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(short.address)
        client.sendall(b"GET /large/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert short.get()[0] == 200  # every thread waited for a reader, until the server gave these up
    for client in clients:
        client.settimeout(30)
        received = 0
        try:
            while data := client.recv(1 << 20):
                received += len(data)
        except ConnectionResetError:
            pass
        assert received < 64 * 2**20
        client.close()


def test_the_oldest_incomplete_connections_make_room(narrow: Serving) -> None:
    sources = [f"127.0.0.{2 + number}" for number in range(20)]
    with held(narrow, b"GET / HTTP/1.1\r\n", 20, sources) as clients:
        assert narrow.get()[0] == 200
        gone = [client for client in clients if not _open(client)]
        assert gone == clients[: len(gone)]
        assert gone


def test_a_client_with_too_many_connections_loses_its_own_oldest(small: Serving) -> None:
    with small.open(source="127.0.0.9") as reader:
        reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        with held(small, b"", 300) as clients:
            until(lambda: sum(map(_open, clients)) <= 100, "fifty are kept in each of the two processes")
            reader.sendall(b"Connection: close\r\n\r\n")
            assert answer(reader)[0] == 200


def _open(client: socket.socket) -> bool:
    client.settimeout(0.01)
    try:
        return client.recv(1) != b""
    except TimeoutError:
        return True
    except ConnectionResetError:
        return False
