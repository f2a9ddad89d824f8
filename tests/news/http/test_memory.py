"""A bomb costs no memory, measured in a process of its own; a client without a cap is the control."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.news.http.hostile import Listener, bomb, page

Listen = Callable[..., Listener]
BOMB = bomb(600)
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")

# Not ru_maxrss: it starts at the size of the parent that forked.
_PEAK = """
import re, sys
url, warm = sys.argv[1:]
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
"""
_OURS = (
    _PEAK
    + """
from django.conf import settings
settings.configure(
    CRAWL_PROXY="", CRAWL_CA_BUNDLE="", CRAWL_USER_AGENT="x", CRAWL_MAX_BYTES=5 * 2**20, CRAWL_TIMEOUT=20
)
from news.http import FetchError, Guard, fetch
port = int(warm.split(":")[2].split("/")[0])
guard = Guard(lambda host: ["127.0.0.1"], lambda address: address == "127.0.0.1", frozenset({port}))
fetch(warm, guard=guard)
before = peak()
try:
    print(fetch(url, guard=guard).status, peak() - before)
except FetchError as error:
    print(error.reason, peak() - before)
"""
)
_NAIVE = (
    _PEAK
    + """
import httpx2
httpx2.get(warm.replace("page.example", "127.0.0.1"))
before = peak()
print(httpx2.get(url.replace("page.example", "127.0.0.1")).status_code, peak() - before)
"""
)


def measure(script: str, server: Listener, path: str) -> tuple[str, int]:
    """The outcome, and by how many MiB the peak rose."""
    command = [sys.executable, "-c", script, server.url(path), server.url("/warm")]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split()
    return out[0], int(out[1])


@pytest.fixture
def server(listen: Listen) -> Listener:
    gzip = "Content-Encoding: gzip"
    return listen(
        {
            "/warm": page(),
            "/bomb": page(BOMB, gzip),
            "/moved": page(BOMB, gzip, "Location: /warm", status="302 Found"),
            "/wide": page(b"x" * (5 * 2**20)),
        }
    )


def test_a_bomb_costs_little(server: Listener) -> None:
    outcome, mebibytes = measure(_OURS, server, "/bomb")
    assert outcome == "too_large"
    assert mebibytes <= 32


def test_a_bomb_in_a_redirect_costs_little(server: Listener) -> None:
    outcome, mebibytes = measure(_OURS, server, "/moved")
    assert outcome == "200"
    assert mebibytes <= 32


def test_the_largest_page_costs_little(server: Listener) -> None:
    outcome, mebibytes = measure(_OURS, server, "/wide")
    assert outcome == "200"
    assert mebibytes <= 32


def test_the_control_shows_that_the_bomb_is_one(server: Listener) -> None:
    outcome, mebibytes = measure(_NAIVE, server, "/bomb")
    assert outcome == "200"
    assert mebibytes > 500
