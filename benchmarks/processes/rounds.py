"""One fault after another, each done to a site at work or idle, and what its readers had of it meanwhile."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.processes.house import Asked, Run, signal_all
from benchmarks.processes.pages import Shelf
from benchmarks.processes.sink import Sink
from benchmarks.processes.watch import SEARCH, Probe, Reader

NAMES = ["web", "worker", "mail", "gpu", "scheduler", "PostgreSQL", "Valkey", "keeper"]
DATABASE_STOPS_WITH = {"PostgreSQL", "keeper"}
PAGES = 10
CONSUMES_S = 30.0  # after a fault everything consumes again
PATIENCE_S = 150.0
PAGE_S = 3.0  # a reader's longest wait where neither web nor database was touched: two cores that do all at once
AFTER_DATABASE_S = 3.0  # a reader's wait beyond the database's own
WEB_S = 20.0  # until a killed web server answers again
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


class Proof:
    """The site, who watches it, and the rows so far."""

    def __init__(self, var: Path, run: Run, ask: Asked, pages: Shelf, sink: Sink) -> None:
        self.var, self.run, self.ask, self.pages, self.sink = var, run, ask, pages, sink
        self.rows: list[Row] = []
        self.issues = 0
        self.lines_allowed = 1  # a full disk has three: it is full, work stops, work goes on
        self.reader = Reader(run.port, "/", 0.2)
        self.searcher = Reader(run.port, SEARCH, 0.7)
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
                say("  waiting:\n    " + "\n    ".join(self.ask("waiting")))
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

    def kill(self, names: list[str]) -> float:
        pids = [self.run.pid(name) for name in names]
        if not all(pids):
            raise RuntimeError(f"no process found for one of {names}: {pids}")
        signal_all(pids, signal.SIGKILL)
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


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def say_row(row: Row) -> None:
    wrong = f" WRONG: {row.wrong}" if row.wrong else ""
    say(f"{row.name}: {row.rounds}×, page {row.page:.1f} s, done {row.done:.1f} s, lines {row.lines}{wrong}")
