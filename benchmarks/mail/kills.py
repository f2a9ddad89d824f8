"""E1: two senders, one of which is killed with -9 again and again, and the relay's books at the end."""

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.mail import worker
from benchmarks.mail.books import Books, compare, new_mailing, relay

SENDERS = 2
BETWEEN_S = (0.6, 1.4)  # two kills


@dataclass(frozen=True)
class Outcome:
    letters: int
    kills: int
    can_be_asked: bool
    books: Books
    seconds: float

    @property
    def unknown(self) -> int:
        return self.books.states.get("unknown", 0)

    @property
    def is_right(self) -> bool:
        """A kill leaves at most one letter unknown, for each sender has one under way; an asked relay settles it."""
        sent = self.books.states.get("sent", 0)
        limit = 0 if self.can_be_asked else self.kills
        return self.books.are_right and sent + self.unknown == self.letters and self.unknown <= limit

    @property
    def line(self) -> str:
        cells = ["can be asked" if self.can_be_asked else "cannot be asked", self.letters, self.kills]
        cells += [self.books.delivered, len(self.books.doubled), len(self.books.lost), self.unknown]
        cells += [f"{self.seconds:.0f} s", "as expected" if self.is_right else "WRONG"]
        return f"| {' | '.join(map(str, cells))} |"


HEADING = (
    "| a relay that | letters | kills | delivered | doubled | lost | unknown | in | |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|---|"
)


def prove_kills(letters: int, kills: int) -> list[Outcome]:
    print(HEADING, flush=True)
    outcomes = []
    for can_be_asked in (True, False):
        outcomes.append(_run(letters, kills, can_be_asked))
        print(outcomes[-1].line, flush=True)
    return outcomes


def _run(letters: int, kills: int, can_be_asked: bool) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger"
        ledger.touch()
        new_mailing(letters)
        with relay("take", ledger) as port:
            done = _kill_senders(partial(worker.start, port, ledger if can_be_asked else None), kills)
        return Outcome(letters, done, can_be_asked, compare(ledger), time.monotonic() - began)


def _kill_senders(start: Callable[[], BaseProcess], kills: int) -> int:
    """How many kills met a living sender. It ends when the senders do."""
    dice = random.Random(20230310)  # noqa: S311
    senders = [start() for _ in range(SENDERS)]
    done = 0
    while done < kills and all(sender.is_alive() for sender in senders):
        time.sleep(dice.uniform(*BETWEEN_S))
        number = dice.randrange(SENDERS)
        if senders[number].is_alive():
            senders[number].kill()
            senders[number].join()
            senders[number] = start()
            done += 1
    for sender in senders:
        sender.join()
    if any(sender.exitcode for sender in senders):
        raise SystemExit("a sender ended by itself")
    return done
