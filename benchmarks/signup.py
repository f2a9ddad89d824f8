"""`make prove-seats`: 400 sign-ups by 40 clients for 50 seats over real HTTP, and the control without the lock.

Gunicorn serves the site on a loopback port, on a PostgreSQL of its own in a temporary folder. Each client is one
visitor: it opens the page, takes its CSRF token, and posts the form EACH times. Then the books are read from the
database. The same is done to a site whose sign-up counts and then inserts (benchmarks/signup_control.py): it must
oversell within ten rounds, or the proof proves nothing and fails.

After each round as many clients insert as many rows into a table of their own on the same PostgreSQL, each row with
its commit and on a connection that stays open: what the machine and the database cost at that moment without the site.

    python -m benchmarks.signup [--rounds 3]
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import urllib3

if TYPE_CHECKING:
    import psycopg

    from digest.events.models import Event

CLIENTS, EACH, SEATS = 40, 10, 50
CONTROL_ROUNDS_AT_MOST = 10
SCRATCH = "proof_plain_insert"
_INSERT = f"INSERT INTO {SCRATCH} (name, email) VALUES (%s, %s)"  # noqa: S608
BASE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """The books of one round, and how long each POST took (seconds)."""

    seated: int
    waiting: int
    places: list[int]
    numbers: list[int]
    took: list[float]

    @property
    def is_right(self) -> bool:
        waiting = CLIENTS * EACH - SEATS
        in_line = self.places == list(range(1, waiting + 1)) and self.numbers == list(range(1, CLIENTS * EACH + 1))
        return self.seated == SEATS and self.waiting == waiting and in_line

    @property
    def line(self) -> str:
        ordered = sorted(self.took)
        middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
        places = f"{min(self.places, default=0)}..{max(self.places, default=0)}"
        times = f"p50 {middle * 1000:5.0f} ms, p99 {late * 1000:5.0f} ms"
        return f"{self.seated:4} seated, {self.waiting:4} waiting, places {places:7}  {times}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with site_of_its_own():
        failures = _prove_product(rounds) + _prove_control()
    if failures:
        sys.exit("\n".join(failures))
    print(
        f"{SEATS} seats, {CLIENTS * EACH - SEATS} in line, no gap, {rounds} of {rounds} rounds; the control oversold."
    )


def _prove_product(rounds: int) -> list[str]:
    """What went wrong in which round."""
    failures, sign_ups, inserts = [], list[float](), list[float]()
    with _served("digest.wsgi") as address, _scratch_table():
        for number in range(1, rounds + 1):
            outcome = _round(address, number)
            print(f"with the lock    round {number}: {outcome.line}", flush=True)
            if not outcome.is_right:
                failures.append(f"round {number}: the books are wrong")
            sign_ups += outcome.took
            inserts += _insert_all()
    print(_compared(sign_ups, inserts), flush=True)
    return failures


def _compared(sign_ups: list[float], inserts: list[float]) -> str:
    """The table of all rounds together; times in milliseconds."""
    rows = [
        f"| {'all rounds, 40 clients at once':30} |      n | p50 ms | p99 ms |",
        f"|{'-' * 32}|-------:|-------:|-------:|",
    ]
    for name, took in (("sign-ups over HTTP", sign_ups), ("plain INSERT and commit", inserts)):
        rows.append(f"| {name:30} | {len(took):6} | {_rank(took, 0.5) * 1000:6.1f} | {_rank(took, 0.99) * 1000:6.1f} |")
    ratios = [_rank(sign_ups, share) / _rank(inserts, share) for share in (0.5, 0.99)]
    rows.append(f"| {'ratio':30} |        | {ratios[0]:6.1f} | {ratios[1]:6.1f} |")
    return "\n".join(rows)


def _rank(took: list[float], share: float) -> float:
    """The time that this share of them did not exceed, as Outcome.line counts it."""
    return sorted(took)[int(len(took) * share)]


@contextmanager
def _scratch_table() -> Iterator[None]:
    """A table as plain as can be, logged like every other, and gone afterwards."""
    with _connected() as held:
        held.execute(f"CREATE TABLE {SCRATCH} (id bigserial PRIMARY KEY, name text NOT NULL, email text NOT NULL)")
        try:
            yield
        finally:
            held.execute(f"DROP TABLE {SCRATCH}")


def _insert_all() -> list[float]:
    """Seconds of each INSERT with its commit, by CLIENTS at once; connecting is not counted."""
    start = Barrier(CLIENTS)

    def client(number: int) -> list[float]:
        took = []
        with _connected() as held:
            start.wait()
            for n in range(EACH):
                began = time.perf_counter()
                held.execute(_INSERT, (f"来宾 {n}", f"c{number}n{n}@example.com"))
                took.append(time.perf_counter() - began)
        return took

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [seconds for times in pool.map(client, range(CLIENTS)) for seconds in times]


def _connected() -> "psycopg.Connection[tuple[object, ...]]":
    """Past Django, to the same database; each statement commits itself."""
    import psycopg
    from django.db import connection

    given = connection.settings_dict
    return psycopg.connect(host=given["HOST"], dbname=given["NAME"], user=given["USER"], autocommit=True)


def _prove_control() -> list[str]:
    """The control races as chance has it: rounds until it oversells."""
    with _served("benchmarks.signup_control") as address:
        for number in range(1, CONTROL_ROUNDS_AT_MOST + 1):
            outcome = _round(address, number)
            print(f"control without  round {number}: {outcome.line}", flush=True)
            if outcome.seated > SEATS:
                return []
    return ["the control did not oversell: nothing raced on this machine, so nothing is proven"]


def _round(address: str, round_: int) -> Outcome:
    from digest.events.models import Event, Signup

    event = _new_stop()
    start = Barrier(CLIENTS)

    def client(number: int) -> list[float]:
        return _post_all(f"{address}/events/{event.pk}/", f"10.{round_}.{number}.1", number, start)

    with ThreadPoolExecutor(CLIENTS) as pool:
        took = [seconds for times in pool.map(client, range(CLIENTS)) for seconds in times]
    rows = Event.objects.get(pk=event.pk).signups
    in_line = list(rows.in_line())
    return Outcome(
        seated=rows.filter(state=Signup.State.SEATED).count(),
        waiting=len(in_line),
        places=[signup.place_in_line or 0 for signup in in_line],
        numbers=list(rows.order_by("number").values_list("number", flat=True)),
        took=took,
    )


def _post_all(page: str, network: str, client: int, start: Barrier) -> list[float]:
    """One visitor's sign-ups, each with another address; the network is its own, and new in each round.

    It goes as X-Forwarded-For: a network may sign up sixty times an hour, and six rounds would use that up.
    """
    pool = urllib3.PoolManager(retries=False)
    headers = {"X-Forwarded-For": network}
    opened = pool.request("GET", page, headers=headers)
    cookie = opened.headers["Set-Cookie"].split(";")[0]
    token = opened.data.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    start.wait()
    took = []
    for n in range(EACH):
        fields = {"csrfmiddlewaretoken": token, "name": f"来宾 {n}", "email": f"c{client}n{n}@example.com"}
        began = time.perf_counter()
        answer = pool.request(
            "POST", page, fields=fields, encode_multipart=False, headers=headers | {"Cookie": cookie}, redirect=False
        )
        took.append(time.perf_counter() - began)
        if answer.status != 302:
            raise SystemExit(f"client {client} got {answer.status}: {answer.data[:500]!r}")
    return took


def _new_stop() -> "Event":
    from django.utils import timezone

    from digest.events.models import Event, Tour

    tour, _made = Tour.objects.get_or_create(slug="proof", defaults={"name": "Proof"})
    return Event.objects.create(tour=tour, city="青岛", seats=SEATS, starts_at=timezone.now() + timedelta(days=30))


@contextmanager
def site_of_its_own() -> Iterator[None]:
    """Django on a fresh PostgreSQL in a temporary folder, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="jianbao-proof-"))
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "JIANBAO_MODE"):
        os.environ.pop(name, None)
    os.environ |= {"JIANBAO_VAR": str(folder), "JIANBAO_TESTING": "1", "TRUSTED_PROXIES": "1", "LOG_LEVEL": "WARNING"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    (folder / "static").mkdir()
    from digest import embedded

    embedded.hold()
    import django
    from django.core.management import call_command

    try:
        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        embedded.release()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(application: str) -> Iterator[str]:
    """The web server as the Procfile starts it, on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, f"{application}:application"], cwd=BASE)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            raise SystemExit("gunicorn ended while starting")
        time.sleep(0.1)
    raise SystemExit("gunicorn does not listen")


if __name__ == "__main__":
    main()
