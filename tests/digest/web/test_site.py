"""The site with no proxy in front, as `make run` starts it: slow and large requests cost readers nothing."""

import socket
import threading
from contextlib import suppress

import pytest

from tests.digest.web.servers import Serving, answer, held

pytestmark = pytest.mark.django_db  # the server's process reads the tests' database

HALF = {
    "header": b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    "nothing": b"",
    "body": b"POST /tips/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlink=",
    "upload": b"POST /admin/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\nfile=",
    "chunk": b"POST /tips/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nlink=",
}
HUNDRED_MB = 100 * 10**6
TOO_LARGE = "提交的内容太大。\nThe request body is too large.\n".encode()


@pytest.mark.parametrize("number", [16, 200])
@pytest.mark.parametrize("what", HALF)
def test_half_sent_requests_do_not_keep_readers_out(site: Serving, what: str, number: int) -> None:
    with held(site, HALF[what], number):
        assert [site.get("/about/")[0] for _ in range(10)] == [200] * 10


def test_requests_that_drip_do_not_keep_readers_out(site: Serving) -> None:
    stop = threading.Event()

    def drip(clients: list[socket.socket]) -> None:
        while not stop.wait(0.2):
            for client in clients:
                client.send(b"x")

    with held(site, b"GET / HTTP/1.1\r\nX-Slow: ", 16) as clients:
        thread = threading.Thread(target=drip, args=(clients,))
        thread.start()
        assert [site.get("/about/")[0] for _ in range(10)] == [200] * 10
        stop.set()
        thread.join()


def send_endlessly(client: socket.socket, block: bytes, total: int) -> int:
    """How many bytes the server let us send."""
    sent = 0
    try:
        while sent < total:
            sent += client.send(block)
    except (BrokenPipeError, ConnectionResetError):
        pass
    return sent


@pytest.mark.parametrize("path", ["/unsubscribe/x/", "/tips/", "/administration/", "/"])
def test_100_mb_are_refused_before_they_are_sent(site: Serving, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    with site.open() as client:
        client.sendall(f"{head}Content-Length: {HUNDRED_MB}\r\n\r\n".encode())
        assert answer(client) == (413, TOO_LARGE)  # not one byte of the body was sent


@pytest.mark.parametrize("path", ["/unsubscribe/x/", "/tips/"])
@pytest.mark.parametrize("chunked", [False, True])
def test_who_sends_on_after_the_refusal_is_cut_off(site: Serving, path: str, chunked: bool) -> None:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {HUNDRED_MB}"
    with site.open() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        client.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode())
        block = b"10000\r\n" + bytes(0x10000) + b"\r\n" if chunked else bytes(0x10000)
        sent = send_endlessly(client, block, HUNDRED_MB)
    assert sent < 10 * 10**6, sent  # what the limit, the lingering and the kernel's buffers hold


def test_a_chunked_body_is_refused_once_it_is_too_large(site: Serving) -> None:
    with site.open() as client:
        client.sendall(b"POST /tips/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall((b"4000\r\n" + bytes(0x4000) + b"\r\n") * 17)  # 17 times 16 KiB, and the body is not at its end
        assert answer(client) == (413, TOO_LARGE)


def test_who_asks_before_sending_is_refused_at_once(site: Serving) -> None:
    with site.open() as client:
        head = b"POST /tips/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n"
        client.sendall(head)
        assert answer(client) == (413, TOO_LARGE)


def uploaded(site: Serving, path: str, size: int) -> int:
    """The status for a form of `size` bytes with one file."""
    start = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: text/html\r\n\r\n'
    end = b"\r\n--b--\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    with site.open() as client:
        client.sendall(f"{head}Connection: close\r\nContent-Length: {size}\r\n\r\n".encode())
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(start + b"x" * (size - len(start) - len(end)) + end)
        return answer(client)[0]


def test_an_upload_of_13_mib_reaches_the_desk_and_the_endpoint(site: Serving) -> None:
    assert uploaded(site, "/admin/login/", 13 * 2**20) == 403  # Django asks for its CSRF token
    assert uploaded(site, "/api/v1/pages", 13 * 2**20) == 401
    assert uploaded(site, "/admin/login/", 13 * 2**20 + 1) == 413
    assert uploaded(site, "/tips/", 2**18) == 403
    assert uploaded(site, "/tips/", 2**18 + 1) == 413


def test_a_header_of_16_kib_is_refused(site: Serving) -> None:
    refused = "请求头太大。\nThe request header is too large.\n".encode()
    assert site.get("/about/", b"X-Long: " + b"x" * 15_000 + b"\r\n")[0] == 200
    assert site.get("/about/", b"X-Long: " + b"x" * 16_384 + b"\r\n") == (431, refused)
