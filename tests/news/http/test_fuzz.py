"""Whatever comes, a fetch answers with a Response or a FetchError, and all parsers agree on where a URL leads."""

import gzip
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from urllib3.util import parse_url

from news.http import FetchError, Guard, Response, fetch
from tests.news.http.hostile import Listener, guard_for, page

_WORDS = ("http://", "page.example", "127.0.0.1", "[::1]", "localhost", "0x7f.1", ":80", "%00", "%2f")
PIECES = st.sampled_from([*_WORDS, *"/@:#?\\\t\n.。①／＠[]aéß\u200d-_"])
MIDDLE = st.lists(PIECES, max_size=6).map("".join)
URLS = st.builds("http{}://{}page.example{}".format, st.sampled_from(["", "s"]), MIDDLE, MIDDLE)
SEED = gzip.compress(b"<p>" + b"word " * 50)
SEEDS = [
    page(SEED, "Content-Encoding: gzip", 'ETag: "1"'),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n1\r\nc\r\n0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://page.example/next?a=b\r\nRetry-After: 5\r\n\r\n",
    b"HTTP/1.1 429 Slow\r\nRetry-After: Wed, 21 Oct 2099 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Listener]:
    server = Listener({})
    yield server
    server.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SEEDS), st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40))
def test_damaged_answers(server: Listener, seed: bytes, where: float, cut: int, instead: bytes) -> None:
    at = int(where * len(seed))
    server.answers["/"] = seed[:at] + instead + seed[at + cut :]
    with suppress(FetchError):
        response = fetch(server.url(), guard=guard_for(server, resolver=lambda host: ["127.0.0.1"]))
        assert isinstance(response, Response)


@settings(max_examples=500, deadline=None)
@given(URLS)
def test_all_parsers_agree(url: str) -> None:
    guard = Guard(permit=lambda address: True)
    try:
        target = guard.check(url)
    except FetchError:
        return
    assert target == guard.check(target.url)
    assert urlsplit(target.url).hostname == target.host
    assert (parse_url(target.url).host or "").strip("[]") == target.host
