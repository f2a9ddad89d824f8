"""E1: two senders, one of which is killed with -9 again and again, and the relay's books at the end."""

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

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
            words = [sys.executable, "-m", "benchmarks.mail.worker", *([str(ledger)] if can_be_asked else [])]
            done = _kill_senders(words, os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}, kills)
        return Outcome(letters, done, can_be_asked, compare(ledger), time.monotonic() - began)


def _kill_senders(words: list[str], environment: dict[str, str], kills: int) -> int:
    """How many kills met a living sender. It ends when the senders do."""
    dice = random.Random(20230310)  # noqa: S311
    senders = [subprocess.Popen(words, env=environment) for _ in range(SENDERS)]
    done = 0
    while done < kills and all(sender.poll() is None for sender in senders):
        time.sleep(dice.uniform(*BETWEEN_S))
        number = dice.randrange(SENDERS)
        if senders[number].poll() is None:
            senders[number].kill()
            senders[number].wait()
            senders[number] = subprocess.Popen(words, env=environment)
            done += 1
    if any(sender.wait() for sender in senders):
        raise SystemExit("a sender ended by itself")
    return done
