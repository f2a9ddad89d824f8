"""The CRAWL cases that a server's answer makes (006 to 020, 033), and C3: what each costs, in a process of its own."""

import socket
import time
from collections.abc import Iterator
from functools import partial

from django.test import override_settings

from benchmarks.crawl.cases import Case, Cases
from benchmarks.crawl.child import measured
from benchmarks.crawl.door import Tally, listening
from benchmarks.crawl.table import Trial
from news.http import FetchError
from tests.news.http.bodies import BODIES, GZIP
from tests.news.http.hostile import Answer, Listener, bomb, guard_for, page

BOMB_MEBIBYTES = 1024
NAIVE_AT_LEAST, OURS_AT_MOST = 500, 32
_ANSWERED = (8, 9, 10, 11, 13, 17, 18, 19, 20, 33)
_CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


def trials(cases: Cases, tally: Tally) -> Iterator[Trial]:
    for name in (f"CRAWL-{number:03}" for number in _ANSWERED):
        yield Trial(name, cases[name].what, cases[name].says, partial(_answered, cases[name], tally))
    for name, path in (("CRAWL-006", "/bomb"), ("CRAWL-007", "/moved")):
        yield Trial(name, cases[name].what, cases[name].says, partial(_bomb, cases[name], path))
    for name in ("CRAWL-015", "CRAWL-016"):
        yield Trial(name, cases[name].what, cases[name].says, partial(_drip, cases[name], tally))
    yield Trial("CRAWL-012", cases["CRAWL-012"].what, cases["CRAWL-012"].says, partial(_members, tally))
    yield Trial("CRAWL-014", cases["CRAWL-014"].what, cases["CRAWL-014"].says, partial(_longer, tally))
    yield Trial("C3", "the bodies of 006 to 014, 017 to 020, each in a process", f"<= {OURS_AT_MOST} MiB each", _costs)
    said = f"> {NAIVE_AT_LEAST} MiB: the bomb is one"
    yield Trial("C3 control", f"httpx2.get on the bomb of {BOMB_MEBIBYTES} MiB", said, _naive)


def _answered(case: Case, tally: Tally) -> tuple[str, bool]:
    got: set[tuple[str, bool]] = set()
    for body in BODIES[case.name]:
        with listening({"/": body}) as server:
            error = tally.fetch(server.url(host="baijiahao.baidu.com"), guard_for(server))
            if not isinstance(error, FetchError):
                return f"stored: {error.status}", False
            got.add((error.reason.value, not error.permanent))
    words = ", ".join(f"{reason} retry={retry}" for reason, retry in sorted(got))
    retry = case.expected.get("retry")
    right = {reason for reason, _ in got} == {case.expected["reason"]}
    return f"{words} ×{len(BODIES[case.name])}", right and retry in (None, *(again for _, again in got))


def _bombs() -> dict[str, Answer]:
    packed = bomb(BOMB_MEBIBYTES)
    moved = page(packed, GZIP, "Location: /warm", status="302 Found")
    return {"/warm": page(), "/bomb": page(packed, GZIP), "/moved": moved}


def _bomb(case: Case, path: str) -> tuple[str, bool]:
    """Of a redirect the body is not read, and so the page behind it is taken."""
    with listening(_bombs()) as server:
        got = measured("fetch", server.port, path, "page.example")
    right = got["outcome"] == ("200" if path == "/moved" else case.expected["reason"])
    words = "redirect body not read, target taken" if path == "/moved" and right else got["outcome"]
    return f"{words}, +{got['mebibytes']} MiB", right and got["mebibytes"] <= case.expected["rss_increase_mib_max"]


def _drip(case: Case, tally: Tally) -> tuple[str, bool]:
    """With the product's own limit, waited out on the clock."""
    start, again = (_CHUNKED, b"1\r\nx\r\n") if case.name == "CRAWL-015" else (b"", b"H")
    with listening() as server, override_settings(CRAWL_TIMEOUT=20.0):

        def answer(connection: socket.socket, request: bytes) -> None:
            connection.sendall(start)
            server.drip(connection, again, 1.0)

        server.answers["/"] = answer
        began = time.monotonic()
        got = tally.ask(server.url(), guard_for(server))
        took = time.monotonic() - began
    return f"{got} after {took:.1f} s", got == case.expected["reason"] and took <= case.expected["wall_s_max"]


def _members(tally: Tally) -> tuple[str, bool]:
    import gzip

    two = page(gzip.compress(b"<p>one") + gzip.compress(b" two"), GZIP)
    over = page(gzip.compress(b" " * 3 * 2**20) * 2, GZIP)
    with listening({"/two": two, "/over": over}) as server:
        got = tally.fetch(server.url("/two"), guard_for(server))
        capped = tally.ask(server.url("/over"), guard_for(server))
    body = b"" if isinstance(got, FetchError) else got.body
    return f"{body.decode()!r}; 2 × 3 MiB: {capped}", (body, capped) == (b"<p>one two", "too_large")


def _longer(tally: Tally) -> tuple[str, bool]:
    with listening({"/long": page(b"0123456789") + b"x" * 2**20}) as server:
        got = tally.fetch(server.url("/long"), guard_for(server))
    body = b"" if isinstance(got, FetchError) else got.body
    return f"{len(body)} bytes read", body == b"0123456789"


def _costs() -> tuple[str, bool]:
    answers: dict[str, Answer] = _bombs()
    answers |= {f"/{name}-{n}": body for name, bodies in BODIES.items() for n, body in enumerate(bodies)}
    answers["/wide"] = page(b"x" * (5 * 2**20))
    with listening(answers) as server:
        found = {path: _mebibytes(server, path) for path in answers if path != "/warm"}
    worst = max(found, key=lambda path: found[path])
    return f"{len(found)} bodies, at most +{found[worst]} MiB ({worst})", found[worst] <= OURS_AT_MOST


def _mebibytes(server: Listener, path: str) -> int:
    return int(measured("fetch", server.port, path, "baijiahao.baidu.com")["mebibytes"])


def _naive() -> tuple[str, bool]:
    with listening(_bombs()) as server:
        got = measured("naive", server.port, "/bomb", "127.0.0.1")
    return f"{got['outcome']}, +{got['mebibytes']} MiB", got["mebibytes"] > NAIVE_AT_LEAST
