"""What the application gets from the server, and what clients get from both."""

import re
import socket
import threading
from pathlib import Path

import pytest

from tests.digest.web.servers import Serving, answer, held, serving

SMALL = "tests.digest.web.small:application"


def body(answered: tuple[int, bytes]) -> str:
    """The body without the number of the process at its end."""
    return answered[1].decode().rpartition(" ")[0]


def test_the_address_of_the_client_and_what_its_proxy_says_reach_django(small: Serving) -> None:
    assert body(small.get("/a/")) == "GET /a/ 0 127.0.0.1 http -"
    forwarded = b"X-Forwarded-For: 192.0.2.1, 198.51.100.7\r\n"
    assert body(small.get("/a/", forwarded)) == "GET /a/ 0 127.0.0.1 http 192.0.2.1, 198.51.100.7"


def test_only_a_proxy_on_this_machine_may_say_https(small: Serving) -> None:
    said = b"X-Forwarded-Proto: https\r\n"
    assert body(small.get("/", said)) == "GET / 0 127.0.0.1 https -"
    assert body(small.get("/", said, source="127.0.0.2")) == "GET / 0 127.0.0.2 http -"


def test_headers_with_an_underscore_are_no_headers(small: Serving) -> None:
    assert body(small.get("/", b"X_Forwarded_For: 192.0.2.1\r\n")) == "GET / 0 127.0.0.1 http -"


def test_no_body_follows_the_answer_to_head(small: Serving) -> None:
    with small.open() as client:
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /stream/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        status, rest = answer(client)
    assert status == 200
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n")  # the second answer, right after the first one's header
    assert rest.endswith(b"\r\n\r\n")


def test_a_connection_serves_requests_in_a_row_and_all_at_once(small: Serving) -> None:
    with small.open() as client:
        request = b"POST /%d/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n%s\r\nabc"
        client.sendall(request % (1, b"") + request % (2, b"") + request % (3, b"Connection: close\r\n"))
        _, received = answer(client)
    assert re.findall(rb"POST /\d/ \d", received) == [b"POST /1/ 3", b"POST /2/ 3", b"POST /3/ 3"]


def test_a_body_that_waits_for_100_continue(small: Serving) -> None:
    with small.open() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n")
        client.sendall(b"Connection: close\r\nContent-Length: 3\r\n\r\n")
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert body(answer(client)) == "POST / 3 127.0.0.1 http -"


def test_100_continue_with_no_body_is_answered(small: Serving) -> None:
    assert body(small.get("/", b"Expect: 100-continue\r\n")) == "GET / 0 127.0.0.1 http -"


def test_chunks_come_in_as_one_body_and_a_stream_goes_out_in_chunks(small: Serving) -> None:
    with small.open() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall(b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
        assert body(answer(client)) == "POST / 3 127.0.0.1 http -"
    with small.open() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall((b"40\r\n" + b"a" * 64 + b"\r\n") * 3000 + b"0\r\n\r\n")
        assert body(answer(client)) == "POST / 192000 127.0.0.1 http -"
    assert small.get("/stream/") == (200, b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n")


def test_a_large_answer_arrives_whole(small: Serving) -> None:
    assert small.get("/large/") == (200, bytes(64 * 2**20))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nNo colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA:" + b" " * 256 + b"b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA:" + b"\r\n " * 256 + b"b\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 2000, 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"1" * 2000, 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 15_000, 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"\r\n" * 40_000, 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ],
)
def test_a_malformed_request_gets_two_lines_and_no_name_of_the_server(small: Serving, sent: bytes, status: int) -> None:
    words = {
        400: "请求格式不正确。\nThe request is malformed.\n",
        501: "服务器不支持这种请求。\nThe server does not support this request.\n",
    }
    with small.open() as client:
        client.sendall(sent)
        assert answer(client) == (status, words[status].encode())
    with small.open() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b"\r\nServer:" not in client.recv(65536)


def keep_all(server: Serving) -> None:
    """No limit per client: all that a proxy has opened are served."""
    with held(server, b"GET / HTTP/1.1\r\nHost: localhost\r\n", 200) as clients:
        assert server.get()[0] == 200
        for client in clients:
            client.sendall(b"Connection: close\r\n\r\n")
        assert {answer(client)[0] for client in clients} == {200}


def test_a_unix_socket_serves_as_well(tmp_path: Path) -> None:
    with serving(SMALL, unix=tmp_path / "web.sock") as made:
        assert body(made.get("/", b"X-Forwarded-Proto: https\r\n")) == "GET / 0  https -"
        keep_all(made)


def test_behind_a_proxy_one_address_may_hold_many_connections() -> None:
    with serving(SMALL, TRUSTED_PROXIES="1") as made:
        keep_all(made)


def test_eight_requests_run_at_a_time_in_each_process(small: Serving) -> None:
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(small.get("/busy/")[0])) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 16


def test_a_client_that_goes_away_costs_nothing(small: Serving) -> None:
    for _ in range(20):
        client = small.open()
        client.sendall(b"GET /busy/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        client.close()
    assert small.get()[0] == 200
