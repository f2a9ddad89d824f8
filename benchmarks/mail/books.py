"""A mailing to many, its relay in a process of its own, and both sides' books compared."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.mailing.models import Mailing


@dataclass(frozen=True)
class Books:
    """What the relay took, beside what the deliveries say. Each list names readers, in order."""

    delivered: int
    doubled: list[str]
    lost: list[str]  # the row says sent, or nothing is left to do, and the relay has no letter
    states: dict[str, int]

    @property
    def are_right(self) -> bool:
        return not self.doubled and not self.lost


def new_mailing(readers: int) -> "Mailing":
    """In the place of the one before: everything that it left is deleted."""
    from django.utils import timezone

    from digest.briefings.models import Briefing, Item
    from digest.mailing import start
    from digest.mailing.models import Mailing, Subscriber

    for model in (Mailing, Briefing, Subscriber):
        model.objects.all().delete()
    Subscriber.objects.bulk_create(
        Subscriber(email=f"r{n:05}@reader.example", status="confirmed", confirmed_at=timezone.now() - timedelta(1))
        for n in range(readers)
    )
    briefing = Briefing.objects.create(date=date(2023, 3, 10), published_at=timezone.now())
    Item.objects.create(briefing=briefing, position=1, headline="标题", text="一段摘要")
    start.post_briefings()
    return Mailing.objects.get()


@contextmanager
def relay(fault: str, ledger: Path) -> Iterator[int]:
    """The port of a scripted relay; it ends with its standard input, so also when this process dies."""
    words = [sys.executable, "-m", "benchmarks.mail.scripted", fault, str(ledger)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 # it is piped
        yield int(process.stdout.readline())


def compare(ledger: Path) -> Books:
    """Failed, skipped and unknown deliveries are named as such, so they are not lost: a person sees them."""
    from digest.mailing.models import Delivery

    taken = Counter(line.split()[0] for line in ledger.read_text().splitlines()) if ledger.exists() else Counter[str]()
    rows = dict(Delivery.objects.values_list("subscriber__email", "state"))
    return Books(
        delivered=len(taken),
        doubled=sorted(reader for reader, copies in taken.items() if copies > 1),
        lost=sorted(reader for reader, state in rows.items() if state == "sent" and reader not in taken),
        states=dict(Counter(rows.values())),
    )
