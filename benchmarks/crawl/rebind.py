"""C2: a name server that answers outside and inside by turns, with no time to live."""

import ipaddress
import itertools
import socket
from collections import Counter
from collections.abc import Iterator
from functools import partial

from benchmarks.crawl.door import Tally, listening
from benchmarks.crawl.table import Trial
from tests.news.http.eye import watch
from tests.news.http.hostile import guard_for, page

TIMES = 1000
OUTSIDE, INSIDE = "127.0.0.1", "127.0.0.2"  # two loopback addresses play the public web and the private network


def trials(tally: Tally) -> Iterator[Trial]:
    said = "0 private connects, every peer is the vetted address"
    yield Trial("C2", f"rebinding DNS, TTL 0, {TIMES} fetches", said, partial(_rebind, tally))
    yield Trial("C2 control", "name checked, then connected to by name", "ends inside", _control)


def rebound(tally: Tally, times: int) -> tuple[Counter[str], set[str], int]:
    """Outcomes, the peers that the outside saw us dial, and connections inside."""
    with listening({"/": page()}) as outside, listening({"/": page()}, (INSIDE, outside.port)) as inside:
        answers = itertools.cycle([[OUTSIDE], [INSIDE], [OUTSIDE, INSIDE]])
        guard = guard_for(outside, resolver=lambda host: next(answers), permit=lambda address: address == OUTSIDE)
        with watch() as dialled:
            outcomes = Counter(tally.ask(outside.url(), guard) for _ in range(times))
        return outcomes, {address for address, _ in dialled}, inside.connections


def _rebind(tally: Tally) -> tuple[str, bool]:
    outcomes, peers, inside = rebound(tally, TIMES)
    words = ", ".join(f"{name} ×{count}" for name, count in sorted(outcomes.items()))
    right = (peers, inside) == ({OUTSIDE}, 0) and set(outcomes) == {"200", "ssrf_policy"}
    return f"{words}; {inside} inside; peers {', '.join(map(str, map(ipaddress.ip_address, sorted(peers))))}", right


def _control() -> tuple[str, bool]:
    with listening({"/": page()}) as outside, listening({"/": page()}, (INSIDE, outside.port)) as inside:
        answers = itertools.cycle([OUTSIDE, INSIDE])
        for _ in range(10):
            if next(answers) == OUTSIDE:  # the check
                with socket.create_connection((next(answers), outside.port)) as connection:
                    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                    connection.recv(1)
        return f"{inside.connections} of 10 inside", inside.connections > 0
