"""`make prove-processes`: what the death, the sleep and the want of room of each process do to a site, as a ledger.

The site runs as `make run` starts it, on a file system of its own, crawls pages of our own over a proxy on loopback and
mails to a real SMTP server. Each process and each service is killed with -9 while it crawls and mails, and while it has
nothing to do; stopped for 5 s and for 60 s; the disk is filled; a second `make run` starts in the same folder and the
first is killed. Meanwhile a reader asks for the first page, another one searches. Measured is, for each kind:

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
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.processes.house import Asked, Run, environment, signal_all
from benchmarks.processes.pages import Shelf, shelf
from benchmarks.processes.sink import Sink, slow_sink
from benchmarks.processes.watch import Probe, Reader
from benchmarks.real.corpus import free_port

NAMES = ["web", "worker", "mail", "gpu", "scheduler", "PostgreSQL", "Valkey", "keeper"]
PAIRS = [["web"], ["worker", "mail"], ["gpu", "scheduler"], ["PostgreSQL"], ["Valkey", "keeper"]]
DATABASE_STOPS_WITH = {"PostgreSQL", "keeper"}
READERS, PAGES = 12, 10
CONSUMES_S = 30.0  # after a fault everything consumes again
PATIENCE_S = 150.0
PAGE_S = 3.0  # a reader's longest wait where neither web nor database was touched: two cores that do all at once
AFTER_DATABASE_S = 3.0  # a reader's wait beyond the database's own
WEB_S = 20.0  # until a killed web server answers again
DISK_MB, LITTLE_MB = 1500, 100
LINES = {"web": 3, "worker": 3, "mail": 3}  # of a command that was left alone: one a process, its children too


@dataclass
class Row:
    """What came of one kind of fault, the worst of its rounds. Seconds."""

    name: str
    rounds: int = 0
    page: float = 0.0
    search: float = 0.0
    database: float = 0.0
    done: float = 0.0
    lines: int = 0
    tracebacks: int = 0
    errors: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    kills: int
    idle: int
    naps: int
    nap_s: float
    sleep_s: float
    alone: bool  # the long sleep of each process by itself


PLANS = {
    "short": Plan(3, 1, 1, 5.0, 0.0, False),
    "usual": Plan(10, 3, 5, 5.0, 60.0, False),
    "full": Plan(30, 10, 10, 5.0, 60.0, True),
}


class Proof:
    """The site, who watches it, and the rows so far."""

    def __init__(self, var: Path, run: Run, ask: Asked, pages: Shelf, sink: Sink) -> None:
        self.var, self.run, self.ask, self.pages, self.sink = var, run, ask, pages, sink
        self.rows: list[Row] = []
        self.issues = 0
        self.lines_allowed = 1  # a full disk has three: it is full, work stops, work goes on
        self.reader = Reader(run.port, "/", 0.2)
        self.searcher = Reader(run.port, "/search/?q=%E8%8A%AF%E7%89%87", 0.7)
        self.probe = Probe(str(_sockets(var) / "pg"))
        for thread in (self.reader, self.searcher, self.probe):
            thread.start()

    def stop(self) -> None:
        for thread in (self.reader, self.searcher, self.probe):
            thread.stop()

    def feed(self, pages: int = PAGES) -> None:
        self.issues += 1
        self.ask("feed", urls=self.pages.more(pages), days_ago=self.issues)

    def await_begun(self, before: list[int]) -> None:
        """Until crawling and mailing are both under way."""
        _until(lambda: self._begun(before), 60, "crawling and mailing begin")

    def _begun(self, before: list[int]) -> bool:
        now = self.ask("moved")
        return bool(now[0] - before[0] >= 2 and now[2] - before[2] >= 1)

    def await_done(self) -> float:
        """Until no work is open. Returns when (time.monotonic); prints what is waited for every 20 s."""
        end, tell = time.monotonic() + PATIENCE_S, time.monotonic() + 20
        while self.ask("open_work") != [0, 0]:
            if time.monotonic() > tell:
                tell += 20
                _say("  waiting:\n    " + "\n    ".join(self.ask("waiting")))
            if time.monotonic() > end:
                raise RuntimeError("work is left undone: " + "; ".join(self.ask("waiting")))
            time.sleep(0.2)
        return time.monotonic()

    def round(self, row: Row, touched: set[str], fault: Callable[[], float], idle: bool = False) -> None:
        """One fault. `fault` does it and returns when it was over; `touched` are the names that it was done to."""
        before = self.ask("moved")
        if not idle:
            self.feed()
            self.await_begun(before)
        began = time.monotonic()
        over = fault()
        if idle:
            self.feed(2)
        done = self.await_done()
        time.sleep(0.3)
        self._judge(row, touched, began, over, done)

    def _judge(self, row: Row, touched: set[str], began: float, over: float, done: float) -> None:
        end = time.monotonic()
        page, database = self.reader.longest_gap(began, end), self.probe.longest_gap(began, end)
        search = self.searcher.longest_gap(began, end) - self.searcher.pace
        row.rounds += 1
        row.page, row.database = max(row.page, page), max(row.database, database)
        row.search = max(row.search, search)
        row.done = max(row.done, done - over)
        row.errors += Counter({k: n for k, n in self.reader.statuses(began, end).items() if k not in (0, 200)})
        said = [line for line in list(self.run.lines) if began <= line.at <= end]
        left_alone = Counter(line.who for line in said if line.who not in touched | {"system", "run"})
        for who, count in left_alone.items():
            if count > self.lines_allowed * LINES.get(who, 1):
                row.wrong += [f"{who} said: {line.text}" for line in said if line.who == who][:6]
        row.lines = max(row.lines, *left_alone.values(), 0)
        row.tracebacks += sum("Traceback (most recent call last)" in line.text for line in said)
        row.wrong += [line.text for line in said if "Traceback" in line.text][:1]
        if done - over > CONSUMES_S:
            row.wrong.append(f"{done - over:.0f} s until all was done")
        longest = over - began + WEB_S if "web" in touched else PAGE_S
        if touched & DATABASE_STOPS_WITH:
            longest = max(database + AFTER_DATABASE_S, longest)
        if page > longest:
            row.wrong.append(f"{page:.1f} s without a page, {longest:.1f} s are allowed")
        if search > longest + 2:
            row.wrong.append(f"{search:.1f} s without an answer to a search")

    def kill(self, name: str) -> float:
        pid = self.run.pid(name)
        if not pid:
            raise RuntimeError(f"no process found for {name}")
        signal_all([pid], signal.SIGKILL)
        return time.monotonic()

    def nap(self, names: list[str], seconds: float) -> float:
        pids = [pid for name in names for pid in self.run.all_pids(name)]
        signal_all(pids, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            signal_all(pids, signal.SIGCONT)
        return time.monotonic()

    def await_all_up(self) -> None:
        """Every process is there, and a page and a search asked for from now on are answered."""
        began = time.monotonic()
        _until(lambda: all(self.run.pid(name) for name in NAMES), 60, "every process is up")
        for reader in (self.reader, self.searcher):
            _until(partial(reader.has_answered, began), 60, "the site answers")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--short", action="store_const", const="short", dest="plan", help="three kills and one nap each")
    ask.add_argument("--full", action="store_const", const="full", dest="plan", help="three times as many, an hour")
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
        found = _table(proof.rows) + _ledger(proof, control)
        asked.stop()
        return found
    finally:
        for one in (run, second):
            if one:
                one.stop()


def _kills(proof: Proof, plan: Plan) -> None:
    for name in NAMES:
        for idle, count in ((False, plan.kills), (True, plan.idle)):
            row = Row(f"{name}, kill -9, {'idle' if idle else 'crawling and mailing'}")
            proof.rows.append(row)
            for _ in range(count):
                proof.await_all_up()
                proof.round(row, {name}, partial(proof.kill, name), idle)
            _say_row(row)


def _naps(proof: Proof, plan: Plan) -> None:
    for seconds, count, groups in (
        (plan.nap_s, plan.naps, PAIRS),
        (plan.sleep_s, 1, [[name] for name in NAMES] if plan.alone else PAIRS),
    ):
        for names in groups if seconds else []:
            row = Row(f"{' + '.join(names)}, stopped for {seconds:.0f} s")
            proof.rows.append(row)
            for _ in range(count):
                proof.await_all_up()
                proof.round(row, set(names), partial(proof.nap, names, seconds))
            _say_row(row)


def _full_disk(proof: Proof) -> None:
    """First too little room to go on, then none at all."""
    for left_mb, seconds in ((LITTLE_MB, 15), (0, 15)):
        row = Row(f"disk with {left_mb} MiB free, {seconds} s")
        proof.rows.append(row)
        proof.await_all_up()
        proof.lines_allowed = 3
        proof.round(row, {"PostgreSQL"} if not left_mb else set(), partial(_fill, proof, row, left_mb, seconds))
        proof.lines_allowed = 1
        _say_row(row)


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
        proof.kill("mail")
        proof.feed(2)
        time.sleep(CONSUMES_S)
        left = proof.ask("open_work")
    finally:
        signal_all(supervisor, signal.SIGCONT)
    proof.await_done()
    _say(f"control: nobody starts the mail worker again: {left[1]} of {READERS} letters wait after {CONSUMES_S:.0f} s")
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
    proof.searcher = Reader(second.port, "/search/?q=%E8%8A%AF%E7%89%87", 0.7)
    proof.searcher.start()
    time.sleep(1.5)
    proof.round(row, {"keeper"}, end_the_first)
    reader.stop()
    _say_row(row)


def _table(rows: list[Row]) -> list[str]:
    head = ["what", "times", "without a page", "a search", "database away", "all done after", "lines", "tracebacks"]
    print(f"\n| {' | '.join(head)} |  |\n|---|--:|--:|--:|--:|--:|--:|--:|---|")
    for row in rows:
        times = " | ".join(f"{value:.1f} s" for value in (row.page, row.search, row.database, row.done))
        verdict = "**WRONG**" if row.wrong else "as expected"
        print(f"| {row.name} | {row.rounds} | {times} | {row.lines} | {row.tracebacks} | {verdict} |")
    return [f"{row.name}: {fault}" for row in rows for fault in row.wrong]


def _ledger(proof: Proof, control: list[str]) -> list[str]:
    found = list(control)
    told = proof.ask("ledger")
    accepted = Counter(proof.sink.accepted)
    lost = [row for row in told["sent"] if tuple(row) not in accepted]
    doubled = sum(count - 1 for count in accepted.values())
    seen = sum(count - 1 for count in (accepted + Counter([next(iter(accepted))])).values())
    unknown = told["letters"].get("unknown", 0)
    others = {k: n for k, n in told["letters"].items() if k not in ("sent", "unknown")}
    articles = {k: n for k, n in told["articles"].items() if k != "summarised"}
    print(f"\narticles {told['articles']} of {proof.pages.count}; letters {told['letters']}; accepted {len(accepted)}")
    print(f"held for sent and not accepted: {len(lost)}; accepted twice: {doubled}; unknown, for a person: {unknown}")
    print(f"control: with one letter counted twice, accepted twice: {seen}")
    found += [f"{len(lost)} letters are held for sent that no relay took"] if lost else []
    found += [f"{doubled} letters were taken twice"] if doubled else []
    found += [f"letters without an end: {others}"] if others else []
    found += [f"articles without an end: {articles}"] if articles else []
    found += [] if sum(told["articles"].values()) == proof.pages.count else ["articles are missing"]
    found += [] if seen == doubled + 1 else ["the control of doubled letters shows nothing"]
    return found


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


def _sockets(var: Path) -> Path:
    asked = [sys.executable, "-c", "from digest import embedded; print(embedded.SOCKETS)"]
    told = subprocess.run(asked, env=os.environ | {"JIANBAO_VAR": str(var)}, capture_output=True, text=True, check=True)
    return Path(told.stdout.strip())


def _until(holds: Callable[[], object], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError(f"this did not come about within {seconds:.0f} s: {what}")
        time.sleep(0.1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _say_row(row: Row) -> None:
    wrong = f" WRONG: {row.wrong}" if row.wrong else ""
    _say(f"{row.name}: {row.rounds}×, page {row.page:.1f} s, done {row.done:.1f} s, lines {row.lines}{wrong}")


if __name__ == "__main__":
    main()
