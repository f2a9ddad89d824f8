"""The shared attack cases that concern this room, each with the answer that its file expects."""

import gzip
import json
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from news.http import IMAGES, FetchError, Guard, fetch
from tests.conftest import SHARED
from tests.news.http.bodies import BODIES, GZIP
from tests.news.http.hostile import OUTSIDE, Listener, bomb, guard_for, outside_guard, page, redirect, strict_guard

Listen = Callable[..., Listener]
SITE = "mp.weixin.qq.com"


def cases(area: str, mention: str = "") -> list:
    """As parameters; none, and so one skipped test, where the file is not there."""
    path = Path(SHARED) / "attack_cases.json"
    found = json.loads(path.read_text()) if path.exists() else []
    return [
        pytest.param(case["input"], case["expected"], id=case["id"])
        for case in found
        if case["area"] == area and mention in json.dumps(case["input"])
    ]


def reason_of(url: str, guard: Guard | None = None, **options: object) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, guard=guard, **options)
    return caught.value.reason.value


@pytest.mark.parametrize(("given", "expected"), cases("ssrf-ip"))
def test_bad_addresses(listen: Listen, dialled: list, given: dict, expected: dict) -> None:
    """In the URL; in the URL with the port of a listener; and as the answer of a resolver."""
    server = listen({"/": page()})
    with_port = re.sub(r"/$", f":{server.port}/", given["url"])
    guard = strict_guard(server, names={"page.example": [given["also_as_dns_answer"]]})
    assert {reason_of(url, guard) for url in (given["url"], with_port, server.url())} == {expected["reason"]}
    assert (dialled, server.connections) == ([], 0)


@pytest.mark.parametrize(("given", "expected"), cases("ssrf-host"))
def test_bad_hosts(listen: Listen, dialled: list, given: dict, expected: dict) -> None:
    server = listen({"/": page()})
    with_port = re.sub(r"/$", f":{server.port}/", given["url"])
    assert {reason_of(url, guard_for(server)) for url in (given["url"], with_port)} == {expected["reason"]}
    assert (dialled, server.connections) == ([], 0)


@pytest.mark.parametrize(("given", "expected"), cases("ssrf-url"))
def test_bad_urls(listen: Listen, dialled: list, given: dict, expected: dict) -> None:
    server = listen({"/": page()})
    guard = Guard(resolver=lambda host: ["127.0.0.1"], permit=lambda address: True)
    assert reason_of(given["url"], guard, allowed={SITE}) == expected["reason"]
    assert (dialled, server.connections) == ([], 0)


@pytest.mark.parametrize(("given", "expected"), cases("ssrf-dynamic", "302 -> "))
def test_redirects_that_lead_inside(listen: Listen, dialled: list, given: dict, expected: dict) -> None:
    to = (given.get("server") or given["header"]).split("-> ")[1]
    server = listen({"/robots.txt": redirect(to)}, address=(OUTSIDE, 0))
    assert reason_of(server.url("/robots.txt"), outside_guard(server)) == expected["reason"]
    assert dialled == [(OUTSIDE, server.port)]


def test_other_redirects(listen: Listen, shared: Path) -> None:
    server = listen({f"/{n}": redirect(f"/{n + 1}") for n in range(7)})
    server.answers |= {"/a": redirect("/b"), "/b": redirect("/a"), "/off": redirect("http://evil.example/")}
    guard = guard_for(server)
    assert reason_of(server.url("/0"), guard) == expected_reason("SSRF-112")
    assert reason_of(server.url("/a"), guard) == expected_reason("SSRF-113")
    assert reason_of(server.url("/off", SITE), guard) == expected_reason("SSRF-114")
    assert reason_of(server.url("/off", SITE), guard, allowed={SITE}) == expected_reason("SSRF-114")


def test_names_that_change_or_hang(listen: Listen, shared: Path, dialled: list) -> None:
    server = listen({"/": page()})

    def unknown(host: str) -> list[str]:
        raise OSError("no such name")

    names = {"two.example": ["1.1.1.2", "10.1.2.3"], "mapped.example": ["::ffff:127.0.0.1"], "c.example": ["127.0.0.1"]}
    guard = strict_guard(server, names=names)
    assert {reason_of(f"http://{name}/", guard) for name in names} == {expected_reason("SSRF-121")}
    assert reason_of(server.url(), guard_for(server, resolver=unknown)) == expected_reason("SSRF-123")
    release = threading.Event()
    hanging = guard_for(server, resolver=lambda host: [str(release.wait(30))], dns_seconds=0.1)
    assert reason_of(server.url(), hanging) == expected_reason("SSRF-124")
    release.set()
    assert Guard().dns_seconds < find("SSRF-124")["wall_s_max"]
    assert dialled == []


def test_images_from_inside(shared: Path, dialled: list) -> None:
    assert reason_of("http://169.254.169.254/x.png", types=IMAGES) == expected_reason("SSRF-127")
    assert dialled == []


@pytest.mark.parametrize("name", BODIES)
def test_bad_bodies(listen: Listen, shared: Path, name: str) -> None:
    for body in BODIES[name]:
        server = listen({"/": body})
        with pytest.raises(FetchError) as caught:
            fetch(server.url(host="baijiahao.baidu.com"), guard=guard_for(server))
        assert caught.value.reason.value == expected_reason(name)
        assert caught.value.permanent is not find(name).get("retry", not caught.value.permanent)


@pytest.mark.parametrize("name", ["CRAWL-015", "CRAWL-016"])
def test_drips(listen: Listen, shared: Path, settings: object, name: str) -> None:
    assert find(name)["wall_s_max"] > settings.CRAWL_TIMEOUT
    settings.CRAWL_TIMEOUT = 0.3
    server = listen()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    start, again = (head, b"1\r\nx\r\n") if name == "CRAWL-015" else (b"", b"H")
    server.answers["/"] = lambda connection, request: (connection.sendall(start), server.drip(connection, again))
    assert reason_of(server.url(), guard_for(server)) == expected_reason(name)


def test_bodies_that_are_taken(listen: Listen, shared: Path) -> None:
    """CRAWL-007, 012, 014."""
    server = listen(
        {
            "/moved": page(bomb(64), GZIP, "Location: /two", status="302 Found"),
            "/two": page(gzip.compress(b"<p>one") + gzip.compress(b" two"), GZIP),
            "/long": page(b"0123456789") + b"x" * 2**20,
        }
    )
    assert fetch(server.url("/moved"), guard=guard_for(server)).body == b"<p>one two"
    assert fetch(server.url("/long"), guard=guard_for(server)).body == b"0123456789"


def find(name: str) -> dict:
    found = json.loads((Path(SHARED) / "attack_cases.json").read_text())
    return next(case["expected"] for case in found if case["id"] == name)


def expected_reason(name: str) -> str:
    return find(name)["reason"]
