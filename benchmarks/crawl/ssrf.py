"""C1: the SSRF cases. Addresses, names and URLs that must never be dialled, and public ones that must."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.crawl.cases import Case, Cases
from benchmarks.crawl.door import Tally, listening
from benchmarks.crawl.table import Trial
from news.http import Guard
from tests.news.http.eye import watch
from tests.news.http.hostile import Listener, guard_for, page, strict_guard

SITE = "mp.weixin.qq.com"
# Unicast addresses beside the special ranges, and resolvers that everybody knows; none of them is really connected to.
PUBLIC = (
    *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.167.255.255"),
    *("2606:4700:4700::1111", "2400:3200::1", "2620:fe::fe"),
)


def trials(cases: Cases, tally: Tally) -> Iterator[Trial]:
    for area, attack in (("ssrf-ip", _address), ("ssrf-host", _host), ("ssrf-url", _url)):
        for case in cases.of(area):
            yield Trial(case.name, case.what, case.says, partial(attack, case, tally))


def controls(tally: Tally) -> Iterator[Trial]:
    yield Trial("C1", "all SSRF cases together", "0 connections inside, each refusal logged", lambda: _sum(tally))
    said = f"{len(PUBLIC)} of {len(PUBLIC)} dialled, at the very address"
    yield Trial("C1 public", "public control addresses, as URL and as DNS answer", said, _public)
    yield Trial("C1 control", "127.0.0.1 by a guard that permits all", "1 connection: the listener counts", _permissive)


def _address(case: Case, tally: Tally) -> tuple[str, bool]:
    """In the URL; in the URL with the port of a listener; and as the answer of a resolver."""
    with listening({"/": page()}) as server:
        with_port = re.sub(r"/$", f":{server.port}/", case.input["url"])
        guard = strict_guard(server, names={"page.example": [case.input["also_as_dns_answer"]]})
        return _judge(case, tally, [(url, guard, {}) for url in (case.input["url"], with_port, server.url())], server)


def _host(case: Case, tally: Tally) -> tuple[str, bool]:
    """Every name leads to the listener, which the guard lets it reach: the name alone must be refused."""
    with listening({"/": page()}) as server:
        with_port = re.sub(r"/$", f":{server.port}/", case.input["url"])
        return _judge(case, tally, [(url, guard_for(server), {}) for url in (case.input["url"], with_port)], server)


def _url(case: Case, tally: Tally) -> tuple[str, bool]:
    guard = Guard(resolver=lambda host: ["127.0.0.1"], permit=lambda address: True)
    with listening({"/": page()}) as server:
        return _judge(case, tally, [(case.input["url"], guard, {"allowed": {SITE}})], server)


def _judge(
    case: Case, tally: Tally, asked: list[tuple[str, Guard, dict[str, Any]]], server: Listener
) -> tuple[str, bool]:
    with watch() as dialled:
        reasons = [tally.ask(url, guard, **options) for url, guard, options in asked]
    inside = len(dialled) + server.connections
    tally.inside += inside
    got = ", ".join(dict.fromkeys(reasons))
    return f"{got} ×{len(reasons)}, {inside} connections", (set(reasons), inside) == ({case.expected["reason"]}, 0)


def _sum(tally: Tally) -> tuple[str, bool]:
    got = f"{tally.inside} connections inside, {tally.refused} refusals of {tally.asked} fetches, {tally.logged} logged"
    return got, tally.inside == 0 and tally.logged == tally.refused > 127


def _public() -> tuple[str, bool]:
    right = 0
    for address in PUBLIC:
        literal = f"[{address}]" if ":" in address else address
        with watch(stop=lambda host: True) as dialled:
            tally = Tally()
            tally.ask(f"http://{literal}/")
            tally.ask("http://page.example/", Guard(resolver=partial(_leads_to, address)))
        right += dialled == [(address, 80)] * 2
    return f"{right} of {len(PUBLIC)} dialled at the very address", right == len(PUBLIC)


def _leads_to(address: str, host: str) -> list[str]:
    return [address]


def _permissive() -> tuple[str, bool]:
    with listening({"/": page()}) as server, watch() as dialled:
        status = Tally().ask(f"http://127.0.0.1:{server.port}/", guard_for(server))
        return f"{status}, {len(dialled)} connection", (status, len(dialled)) == ("200", 1)
