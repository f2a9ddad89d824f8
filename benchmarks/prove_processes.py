"""`make prove-processes`: what the death, the sleep and the want of room of each process do to a site, as a ledger.

The site runs as `make run` starts it, on a file system of its own, crawls pages of our own over a proxy on loopback and
mails to a real SMTP server. Each process and each service is killed with -9 while it crawls and mails, and while it has
nothing to do; stopped for 5 s and for 60 s; the disk is filled; a second `make run` starts in the same folder and the
first is killed. Each is killed alone in the short form, and in the full one, which takes hours; in the usual one, of 25
minutes at most, those of a row are killed at once. Meanwhile a reader asks for the first page, another one searches.
Measured is, for each kind:

* the longest time in which the reader had no page, beside the longest in which the database took no connection;
* the time until everything that had been begun was done, which is never less than the time until all consume again;
* how many lines the most talkative of the processes that were left alone printed, and how many tracebacks.

In the end the ledger: articles without an end, letters lost, letters doubled. Two controls: the supervisor is stopped,
so that nobody starts a killed worker again, which must be seen; a letter is counted twice, which must be seen.

    python -m benchmarks.prove_processes [--short | --full]

Needs root, for the file system. Exits 0 where every row is as expected, else 1.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.processes.house import Asked, Run, environment, signal_all
from benchmarks.processes.ledger import ledger, table
from benchmarks.processes.pages import Shelf, shelf
from benchmarks.processes.rounds import CONSUMES_S, NAMES, Proof, Row, say, say_row
from benchmarks.processes.sink import Sink, slow_sink
from benchmarks.processes.watch import SEARCH, Reader
from benchmarks.real.corpus import free_port

READERS = 12
DISK_MB, LITTLE_MB = 1500, 100
ALONE = [[name] for name in NAMES]
TOGETHER = [["web", "scheduler"], ["worker", "mail", "gpu"], ["PostgreSQL"], ["Valkey", "keeper"]]
COMMANDS = [["web", "scheduler", "worker", "mail", "gpu"], ["PostgreSQL"], ["Valkey", "keeper"]]


@dataclass(frozen=True)
class Plan:
    """How often each process and service is killed at work and idle, and stopped for 5 s and for 60 s."""

    kills: int
    idle: int
    naps: int
    sleeps: int
    killed: list[list[str]]  # at once
    stopped: list[list[str]]


PLANS = {
    "short": Plan(3, 1, 1, 0, ALONE, COMMANDS),
    "usual": Plan(10, 3, 5, 1, TOGETHER, COMMANDS),
    "full": Plan(30, 10, 10, 1, ALONE, ALONE),
}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument(
        "--short", action="store_const", const="short", dest="plan", help="three kills each, each alone, and one stop"
    )
    ask.add_argument(
        "--full", action="store_const", const="full", dest="plan", help="three times as many, each alone, hours"
    )
    plan = PLANS[ask.parse_args().plan or "usual"]
    if os.getuid() != 0:
        sys.exit("prove-processes: run it as root, it needs a small file system of its own to fill")
    began = time.monotonic()
    with _disk() as var, shelf() as (pages, proxy), slow_sink() as (email_url, sink):
        settings = {"CRAWL_PROXY": proxy.url, "CRAWL_CA_BUNDLE": str(proxy.ca_path), "CRAWL_PACE": "0"}
        given = environment(var, settings | {"EMAIL_URL": email_url})
        wrong = _prove(plan, var, given, pages, sink)
    print(f"\n{(time.monotonic() - began) / 60:.0f} min")
    print("\n".join(wrong) if wrong else "0 articles without an end, 0 letters lost, 0 doubled; every row as expected")
    sys.exit(1 if wrong else 0)


def _prove(plan: Plan, var: Path, given: dict[str, str], pages: Shelf, sink: Sink) -> list[str]:
    run = Run(given, free_port())
    second: Run | None = None
    try:
        run.await_ready()
        asked = Asked(given)
        asked("readers", count=READERS)
        proof = Proof(var, run, asked, pages, sink)
        proof.await_all_up()
        proof.await_done()  # also the demo's own articles
        _kills(proof, plan)
        _naps(proof, plan)
        _full_disk(proof)
        control = _control(proof)
        second = Run(given, free_port())
        _two_starts(proof, run, second)
        proof.stop()
        found = table(proof.rows) + ledger(proof, control)
        asked.stop()
        return found
    finally:
        for one in (run, second):
            if one:
                one.stop()


def _kills(proof: Proof, plan: Plan) -> None:
    for names in plan.killed:
        for idle, count in ((False, plan.kills), (True, plan.idle)):
            row = Row(f"{' + '.join(names)}, kill -9, {'idle' if idle else 'crawling and mailing'}")
            proof.rows.append(row)
            for _ in range(count):
                proof.await_all_up()
                proof.round(row, set(names), partial(proof.kill, names), idle)
            say_row(row)


def _naps(proof: Proof, plan: Plan) -> None:
    for seconds, count in ((5.0, plan.naps), (60.0, plan.sleeps)):
        for names in plan.stopped if count else []:
            row = Row(f"{' + '.join(names)}, stopped for {seconds:.0f} s")
            proof.rows.append(row)
            for _ in range(count):
                proof.await_all_up()
                proof.round(row, set(names), partial(proof.nap, names, seconds))
            say_row(row)


def _full_disk(proof: Proof) -> None:
    """First too little room to go on, then none at all."""
    for left_mb, seconds in ((LITTLE_MB, 15), (0, 15)):
        row = Row(f"disk with {left_mb} MiB free, {seconds} s")
        proof.rows.append(row)
        proof.await_all_up()
        proof.lines_allowed = 3
        proof.round(row, {"PostgreSQL"} if not left_mb else set(), partial(_fill, proof, row, left_mb, seconds))
        proof.lines_allowed = 1
        say_row(row)


def _fill(proof: Proof, row: Row, left_mb: int, seconds: int) -> float:
    filler = proof.var / "filler"
    began = time.monotonic()
    free = shutil.disk_usage(proof.var).free - left_mb * 2**20
    with suppress(OSError), filler.open("wb") as file:
        while free > 0:
            free -= file.write(b"\0" * min(free, 2**20))
    try:
        time.sleep(4)  # what was begun ends
        before = proof.ask("moved") if left_mb else None
        proof.feed(4) if left_mb else None
        time.sleep(seconds)
        if left_mb and proof.ask("moved") != before:
            row.wrong.append(f"work went on: {before}, then {proof.ask('moved')}")
        said = {line.who for line in list(proof.run.lines) if line.at > began and "are free on the disk" in line.text}
        if left_mb and not {"worker", "mail"} <= said:
            row.wrong.append(f"only {sorted(said)} said that the disk is full")
    finally:
        filler.unlink()
    return time.monotonic()


def _control(proof: Proof) -> list[str]:
    """With the supervisor stopped a killed worker stays away: the harness must see work that is not done."""
    supervisor = [proof.run.process.pid]
    proof.await_all_up()
    signal_all(supervisor, signal.SIGSTOP)
    try:
        proof.kill(["mail"])
        proof.feed(2)
        time.sleep(CONSUMES_S)
        left = proof.ask("open_work")
    finally:
        signal_all(supervisor, signal.SIGCONT)
    proof.await_done()
    say(f"control: nobody starts the mail worker again: {left[1]} of {READERS} letters wait after {CONSUMES_S:.0f} s")
    return [] if left[1] == READERS else [f"the control shows nothing: {left} are open with no mail worker"]


def _two_starts(proof: Proof, first: Run, second: Run) -> None:
    row = Row("two starts in one folder, the first killed")
    proof.rows.append(row)
    second.await_ready()
    reader = Reader(second.port, "/", 0.2)
    reader.start()

    def end_the_first() -> float:
        first.process.kill()
        first.process.wait()
        return time.monotonic()

    before = proof.ask("moved")
    proof.feed()
    proof.await_begun(before)
    proof.reader, proof.run = reader, second
    proof.searcher.stop()
    proof.searcher = Reader(second.port, SEARCH, 0.7)
    proof.searcher.start()
    time.sleep(1.5)
    proof.round(row, {"keeper"}, end_the_first)
    reader.stop()
    say_row(row)


@contextmanager
def _disk() -> Iterator[Path]:
    """A folder on a file system of its own, gone afterwards."""
    var = Path(tempfile.mkdtemp(prefix="jianbao-processes-"))
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(var)], check=True)
    try:
        yield var
    finally:
        subprocess.run(["/bin/umount", "--lazy", str(var)], check=False)
        var.rmdir()


if __name__ == "__main__":
    main()
