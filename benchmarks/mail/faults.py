"""Each SMTP fault once: what a mailing comes to under it, and after a person has mended the relay and resumed."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.mail.books import Books, compare, new_mailing, relay
from benchmarks.mail.scripted import scripts
from benchmarks.mail.worker import use

if TYPE_CHECKING:
    from digest.mailing.models import Delivery, Mailing

ROUNDS = 7  # of waiting: more than a letter has tries
Answer = Callable[["Delivery", set[str]], object]  # what a person says of an unknown delivery, who knows the ledger


@dataclass(frozen=True)
class Row:
    fault: str
    during: Books
    stopped: str  # the mailing's state while the relay is broken
    after: Books
    ended: str
    unknown_at_most: int

    @property
    def is_right(self) -> bool:
        """All got it but those whom the relay refused one by one, nobody twice; few had to be looked up."""
        states = self.after.states
        refused = states.get("failed", 0) if self.fault == "random mix" else 0
        everybody = sum(states.values())
        told = states.get("sent", 0) == self.after.delivered == everybody - refused
        few = self.fault == "random mix" or self.during.states.get("unknown", 0) <= self.unknown_at_most
        truthful = self.stopped != "finished" or "unknown" not in self.during.states
        return self.after.are_right and self.during.are_right and told and few and truthful and self.ended == "finished"

    @property
    def line(self) -> str:
        during, after = self.during.states, self.after.states
        cells = [self.fault, self.during.delivered, *(during.get(name, 0) for name in ("unknown", "failed", "pending"))]
        cells += [self.stopped, self.after.delivered, after.get("failed", 0), self.ended]
        cells += [len(self.after.doubled), len(self.after.lost), "as expected" if self.is_right else "WRONG"]
        return f"| {' | '.join(map(str, cells))} |"


HEADING = (
    "| the relay | delivered | unknown | failed | waiting | the mailing is | after Resume: delivered | failed "
    "| the mailing is | doubled | lost | |\n|---|--:|--:|--:|--:|---|--:|--:|---|--:|--:|---|"
)


def prove_faults(readers: int) -> list[Row]:
    print(HEADING, flush=True)
    rows = []
    for fault in scripts():
        rows.append(run(fault, readers, by_the_ledger))
        print(rows[-1].line, flush=True)
    return rows


def prove_control(readers: int) -> list[str]:
    """A person who answers wrongly makes one letter doubled, or lost, for each unknown one: the books must show it."""
    from digest.mailing.takeback import send_again, was_sent

    doubled = run("reset, taken", readers, lambda delivery, taken: send_again(delivery))
    lost = run("reset, lost", readers, lambda delivery, taken: was_sent(delivery))
    seen = (len(doubled.after.doubled), len(lost.after.lost))
    wanted = (doubled.during.states.get("unknown", 0), lost.during.states.get("unknown", 0))
    print(f"control: {wanted[0]} letters doubled on purpose, {seen[0]} seen; {wanted[1]} lost, {seen[1]} seen")
    return [] if seen == wanted and all(wanted) else ["the control was not convicted: the books prove nothing"]


def run(fault: str, readers: int, answer: Answer) -> Row:
    from digest.mailing.streaks import UNKNOWN_TO_PAUSE
    from digest.mailing.tasks import SENDERS

    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger"
        mailing = new_mailing(readers)
        with relay(fault, ledger) as port:
            _send(mailing, port)
        during, stopped = compare(ledger), mailing.state
        with relay("take", ledger) as port:
            _settle(ledger, answer)
            _resume(mailing)
            _send(mailing, port)
        return Row(fault, during, stopped, compare(ledger), mailing.state, UNKNOWN_TO_PAUSE + SENDERS - 1)


def _send(mailing: "Mailing", port: int) -> None:
    """By two senders at a time, until the mailing stops; between the rounds the waits for another try are over."""
    from digest.mailing.models import Delivery
    from digest.mailing.tasks import SENDERS

    use(port, seconds=1)
    for _ in range(ROUNDS):
        mailing.refresh_from_db()
        if mailing.state != "running":
            return
        Delivery.objects.filter(state="pending").update(due_at=mailing.created_at)
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(_ring, range(SENDERS)))
    mailing.refresh_from_db()


def _ring(_number: int) -> None:
    from django.db import connection

    from digest.mailing import tasks

    try:
        tasks.deliver()
    finally:
        connection.close()


def by_the_ledger(delivery: "Delivery", taken: set[str]) -> None:
    from digest.mailing.takeback import send_again, was_sent

    (was_sent if delivery.message_id in taken else send_again)(delivery)


def _settle(ledger: Path, answer: Answer) -> None:
    from digest.mailing.models import Delivery

    taken = set(ledger.read_text().split()) if ledger.exists() else set()
    for delivery in Delivery.objects.filter(state="unknown"):
        answer(delivery, taken)


def _resume(mailing: "Mailing") -> None:
    from digest.mailing.takeback import resume

    resume(mailing)
