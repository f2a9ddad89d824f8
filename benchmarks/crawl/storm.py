"""C5: a host that answers with storms of 429 and 503, and four workers, by a clock that is moved on while all rest.

Moving the clock by n seconds takes n seconds off every time that the database keeps of hosts and articles, and adds
them to the host's own clock: to both it is as if n seconds had passed.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Barrier
from urllib.request import ProxyHandler, build_opener

from django.db import connections
from django.db.models import F, Min
from django.utils import timezone

from benchmarks.crawl.ledger import Manners, Seen, judge
from benchmarks.crawl.pages import empty
from benchmarks.crawl.table import Trial
from benchmarks.crawl.web import Hit, Made, Web
from news import pipeline
from news.models import Article, Host, Stage
from news.sources.inbox import paste
from tests.news.http.hostile import page

URLS, WORKERS, PACE_S, SEED = 500, 4, 5.0, 20230303
ADDRESS = "http://mock.example/{}"
ALWAYS_BROKEN = 7  # every so many addresses one that never answers well
_GOOD = page("<title>一页</title><p>好的。</p>".encode())


@dataclass
class Clock:
    """Real time, and what was skipped of it."""

    skipped: float = 0.0

    def now(self) -> float:
        return time.time() + self.skipped

    def skip(self, seconds: float) -> None:
        """Only while nobody works."""
        step = timedelta(seconds=seconds)
        Host.objects.update(next_at=F("next_at") - step, busy_until=F("busy_until") - step)
        Article.objects.update(due_at=F("due_at") - step, leased_until=F("leased_until") - step)
        self.skipped += seconds


@dataclass
class Storm:
    """What the host answers: by the number of the request, so that every run meets the same weather."""

    requests: int = 0
    waits: dict[int, list[float]] = field(default_factory=dict)  # by tries: seconds until the next

    def answer(self, broken: bool, head: bytes) -> bytes:
        self.requests += 1
        weather = self.requests % 100
        if broken or weather % 10 == 3:
            return page(b"", status="500 Broken")
        if weather in range(20, 26):
            return page(b"", f"Retry-After: {weather * 6}", status="503 Busy")
        if weather in (50, 51):
            return page(b"", "Retry-After: 900", status="429 Slow Down")
        if weather in (70, 71):
            return page(b"", "Retry-After: abc", status="429 Slow Down")
        return _GOOD


def trials() -> Iterator[Trial]:
    said = f"never < {PACE_S:g} s, 0 during Retry-After, <= 5 tries, spread > 20 %, all done"
    yield Trial("C5", f"{URLS} URLs, storms of 429 and 503, {WORKERS} workers", said, partial(_weathered, URLS))
    yield Trial("C5 control", f"{WORKERS} threads without turns, same host", "violations", _control)


def _weathered(urls: int) -> tuple[str, bool]:
    found, storm, left = weathered(urls)
    spread = spread_of(storm)
    got = f"{found.requests} requests, closest {found.closest_s:.2f} s, {found.during_rest} during Retry-After, "
    got += f"{found.most_of_one_url} tries, spread {spread:.0%}, {left} left"
    return got, found.violations == 0 and found.most_of_one_url <= 5 and spread > 0.2 and left == 0


def spread_of(storm: Storm) -> float:
    """How far the waits after a first failure lie apart, as a share of the longest."""
    first = storm.waits.get(1, [0.0])
    return (max(first) - min(first)) / max(*first, 0.001)


def weathered(urls: int) -> tuple[Manners, Storm, int]:
    """What the host saw; the storm; and how many addresses are not done with."""
    empty()
    clock, storm = Clock(), Storm()
    addresses = [ADDRESS.format(number) for number in range(urls)]
    answers: dict[str, Made] = {
        url: partial(storm.answer, number % ALWAYS_BROKEN == 0) for number, url in enumerate(addresses)
    }
    with Web(answers, clock.now) as web, web.settings(CRAWL_PACE=PACE_S):
        for start in range(0, urls, 100):
            paste("\n".join(addresses[start : start + 100]))
        _work_on(clock, storm)
        left = Article.objects.filter(stage=Stage.FOUND).count()
        return judge([seen(hit) for hit in web.log], PACE_S), storm, left


def _work_on(clock: Clock, storm: Storm) -> None:
    chance, noted = random.Random(SEED), set[tuple[int, int]]()  # noqa: S311
    with ThreadPoolExecutor(WORKERS) as pool:
        while Article.objects.filter(stage=Stage.FOUND).exists():
            list(pool.map(_advance, range(WORKERS)))
            _note_waits(storm, noted)
            # Now too early and now late, as workers look in.
            clock.skip(_until_next() * chance.uniform(0.7, 1.2) + 0.001)
        all_here = Barrier(WORKERS)
        list(pool.map(lambda _: _leave(all_here), range(WORKERS)))


def _advance(_: int) -> None:
    while pipeline.advance(Stage.FOUND):
        pass


def _leave(all_here: Barrier) -> None:
    """Each thread closes its own connection, and none another's part."""
    all_here.wait()
    connections.close_all()


def _note_waits(storm: Storm, noted: set[tuple[int, int]]) -> None:
    failed = Article.objects.filter(stage=Stage.FOUND, attempts__gt=0, error__startswith="http_5xx")
    for pk, tries, due_at, changed_at in failed.values_list("pk", "attempts", "due_at", "changed_at"):
        if (pk, tries) not in noted:
            noted.add((pk, tries))
            storm.waits.setdefault(tries, []).append((due_at - changed_at).total_seconds())


def _until_next() -> float:
    """Seconds until the host and one of its articles may be asked."""
    host = Host.objects.get()
    due = Article.objects.filter(stage=Stage.FOUND).aggregate(due=Min("due_at"))["due"] or timezone.now()
    return max(0.0, (max(host.next_at, host.busy_until, due) - timezone.now()).total_seconds())


def seen(hit: Hit) -> Seen:
    rest = next((line.split(b": ")[1] for line in hit.answer.split(b"\r\n") if line.startswith(b"Retry-After")), b"")
    return Seen(hit.url, hit.host, hit.began, hit.ended, retry_after=float(rest) if rest.isdigit() else 0.0)


def _control() -> tuple[str, bool]:
    storm = Storm()
    addresses = [ADDRESS.format(number) for number in range(100)]
    with Web(dict.fromkeys(addresses, partial(storm.answer, False)), time.time) as web:
        opener = build_opener(ProxyHandler({"http": web.proxy}))

        def naive(url: str) -> None:
            try:
                opener.open(url, timeout=10).read()
            except OSError:
                return

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(naive, addresses))
        found = judge([seen(hit) for hit in web.log], PACE_S)
    got = f"{found.overlapping} side by side, {found.too_close} too close, {found.during_rest} during Retry-After"
    return got, found.too_close > 0 and found.during_rest > 0
