"""Bodies and heads that lie, never end, or unpack without end."""

import gzip
import socket
import zlib
from collections.abc import Callable

import pytest

from news.http import FetchError, Reason, fetch
from tests.news.http.hostile import Answer, Listener, guard_for, page

Listen = Callable[..., Listener]
TEXT = b"<p>" + bytes(range(32, 127)) * 300 + b"</p>"
PACKED = gzip.compress(TEXT)
LIMIT = 100_000


@pytest.fixture(autouse=True)
def _small_limit(settings: object) -> None:
    settings.CRAWL_MAX_BYTES = LIMIT


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", lines: str = "") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n{lines}\r\n".encode()
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def packed(body: bytes, coding: str = "gzip") -> bytes:
    return page(body, f"Content-Encoding: {coding}")


def until_close(body: bytes, *lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *lines, "", ""]).encode() + body


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (packed(PACKED), TEXT),
        (packed(PACKED, "X-GZIP"), TEXT),
        (packed(PACKED + gzip.compress(b"more")), TEXT + b"more"),
        (packed(PACKED + b"\0" * 512), TEXT),
        (page(TEXT, "Content-Encoding: identity"), TEXT),
        (until_close(TEXT), TEXT),
        (until_close(PACKED, "Content-Encoding: gzip"), TEXT),
        (chunked(TEXT[:10], TEXT[10:]), TEXT),
        (chunked(PACKED[:7], PACKED[7:], lines="Content-Encoding: gzip\r\n"), TEXT),
        (chunked(b"<p>", end=b"0\r\nX-Trailer: 1\r\n\r\n"), b"<p>"),
        (page(b"0123456789")[: -len(b"0123456789")] + b"0123456789" + b"x" * 2**20, b"0123456789"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + page(b"<p>"), b"<p>"),
        (b"HTTP/1.0 200\r\n\r\n<p>", b"<p>"),
        (page(b"x" * LIMIT), b"x" * LIMIT),
    ],
)
def test_a_whole_body_is_taken(listen: Listen, answer: bytes, body: bytes) -> None:
    server = listen({"/": answer})
    assert fetch(server.url(), guard=guard_for(server)).body == body


@pytest.mark.parametrize("kept", [1, 9, 10, 20, len(PACKED) // 2, len(PACKED) - 200, len(PACKED) - 8, len(PACKED) - 1])
def test_a_gzip_body_that_is_cut_is_no_page(listen: Listen, kept: int) -> None:
    assert failure(listen({"/": packed(PACKED[:kept])})) == (Reason.TRUNCATED, False)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (page(b"x" * 100)[:-90], (Reason.TRUNCATED, False)),
        (chunked(b"0123456789", end=b""), (Reason.TRUNCATED, False)),
        (chunked(b"0123456789", end=b"ff\r\nhalf"), (Reason.TRUNCATED, False)),
        (chunked(b"0123456789", end=b"zz\r\n"), (Reason.TRUNCATED, False)),
        (chunked(b"0123456789", end=b"-5\r\nhello"), (Reason.TRUNCATED, False)),
        (chunked(b"0123456789", end=b"f" * 70_000), (Reason.PROTOCOL, False)),
        (packed(PACKED[:-8] + b"\0" * 4 + PACKED[-4:]), (Reason.CORRUPT, False)),
        (packed(b"no gzip at all"), (Reason.CORRUPT, False)),
        (packed(PACKED + b"rubbish after the end"), (Reason.CORRUPT, False)),
        (packed(gzip.compress(b"") * 100), (Reason.CORRUPT, False)),
        (packed(gzip.compress(PACKED), "gzip, gzip"), (Reason.ENCODING_CHAIN, True)),
        (page(PACKED, "Content-Encoding: gzip", "Content-Encoding: gzip"), (Reason.ENCODING_CHAIN, True)),
        *(
            (packed(b"x", coding), (Reason.UNEXPECTED_ENCODING, True))
            for coding in ("br", "zstd", "deflate", "x-unknown")
        ),
        (page(b"x", "Transfer-Encoding: gzip, chunked"), (Reason.ENCODING_CHAIN, True)),
        (page(b"x", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), (Reason.ENCODING_CHAIN, True)),
        (page(b"x", "Content-Length: 2"), (Reason.PROTOCOL, False)),
        (until_close(b"x", "Content-Length: +1"), (Reason.PROTOCOL, False)),
        (page(b"x" * (LIMIT + 1)), (Reason.TOO_LARGE, True)),
        (until_close(b"x" * (LIMIT + 1)), (Reason.TOO_LARGE, True)),
        (chunked(*[b" " * 1000] * 101), (Reason.TOO_LARGE, True)),
        (packed(gzip.compress(b"x" * (LIMIT + 1))), (Reason.TOO_LARGE, True)),
        (packed(gzip.compress(b"x" * LIMIT) + gzip.compress(b"x")), (Reason.TOO_LARGE, True)),
        (b"", (Reason.RESET, False)),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/", (Reason.TRUNCATED, False)),
        (b"HTTP/1.1 200 OK\r\n", (Reason.TRUNCATED, False)),
        (b"SSH-2.0-Server\r\n", (Reason.PROTOCOL, False)),
        (b"HTTP/3 200 OK\r\n\r\n", (Reason.PROTOCOL, False)),
        (page(b"x", f"X-Big: {'a' * 65536}"), (Reason.HEADERS_TOO_LARGE, True)),
        (page(b"x", *[f"X-{n}: {'a' * 1000}" for n in range(40)]), (Reason.HEADERS_TOO_LARGE, True)),
        (page(b"x", *[f"X-{n}: 1" for n in range(10_000)]), (Reason.HEADERS_TOO_LARGE, True)),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, (Reason.HEADERS_TOO_LARGE, True)),
    ],
)
def test_a_body_that_lies_is_no_page(listen: Listen, answer: Answer, expected: tuple) -> None:
    assert failure(listen({"/": answer})) == expected


def test_a_stream_without_end_is_left_at_the_limit(listen: Listen) -> None:
    def endless(connection: socket.socket, request: bytes) -> None:
        connection.sendall(chunked(end=b""))
        while True:
            connection.sendall(b"400\r\n" + b" " * 1024 + b"\r\n")

    assert failure(listen({"/": endless})) == (Reason.TOO_LARGE, True)


def test_the_body_of_a_redirect_is_not_read(listen: Listen) -> None:
    def bomb(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /page\r\nContent-Encoding: gzip\r\n\r\n")
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        while True:
            connection.sendall(packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH))

    server = listen({"/": bomb, "/page": page(b"<p>")})
    assert fetch(server.url(), guard=guard_for(server)).body == b"<p>"


def test_headers_are_told_without_control_characters(listen: Listen) -> None:
    server = listen({"/": page(b"x", "ETag: a\0b", "X-Folded: one\r\n two")})
    headers = fetch(server.url(), guard=guard_for(server)).headers
    assert (headers["etag"], headers["x-folded"]) == ("a b", "one two")


def failure(server: Listener) -> tuple[Reason, bool]:
    with pytest.raises(FetchError) as caught:
        fetch(server.url(), guard=guard_for(server))
    return caught.value.reason, caught.value.permanent
