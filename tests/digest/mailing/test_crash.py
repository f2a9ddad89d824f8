"""Workers killed with -9: no reader is lost, none gets two, and what nobody can know is named (P1, E2, E3).

The relay keeps the ledger in a process of its own; the database is compared with it at the end.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from digest.mailing import start
from digest.mailing.models import Delivery, Subscriber

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
READERS, KILLS = 200, 6


class Relay:
    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger
        words = [sys.executable, "-m", "tests.digest.mailing.sink", str(ledger)]
        self.process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def taken(self) -> list[str]:
        return self.ledger.read_text().split()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def relay(tmp_path):
    running = Relay(tmp_path / "ledger")
    yield running
    running.stop()


def worker(relay: Relay, dies: str = "never") -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "EMAIL_URL": f"smtp://127.0.0.1:{relay.port}",
        "SITE_URL": "https://news.example",
        "DJANGO_SETTINGS_MODULE": "digest.settings",
        "LOG_LEVEL": "ERROR",
    }
    words = [sys.executable, "-m", "tests.digest.mailing.worker", connection.settings_dict["NAME"], dies]
    return subprocess.Popen(words, cwd=ROOT, env=environment)


def mailing_to(readers: int, issue) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(email=f"r{n:03}@reader.example", status="confirmed", confirmed_at=timezone.now() - timedelta(1))
        for n in range(readers)
    )
    issue()
    start.post_briefings()


def ids(**which) -> set[str]:
    return {f"<i20230310.d{pk}@news.example>" for pk in Delivery.objects.filter(**which).values_list("pk", flat=True)}


def kill_after(process, relay: Relay, more: int) -> None:
    goal = min(len(relay.taken()) + more, READERS)
    while process.poll() is None and len(relay.taken()) < goal:
        time.sleep(0.005)
    process.kill()
    process.wait()


def test_workers_killed_again_and_again(relay, issue):
    mailing_to(READERS, issue)
    dice = random.Random(20230310)  # noqa: S311 the same kills in each run
    for _ in range(KILLS):
        kill_after(worker(relay), relay, dice.randint(3, 30))
    last = [worker(relay), worker(relay)]
    assert [process.wait() for process in last] == [0, 0]
    taken, everybody = relay.taken(), ids()
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert [message for message, copies in Counter(taken).items() if copies > 1] == []
    assert set(taken) | ids(state="unknown") == everybody
    assert ids(state="sent") <= set(taken)
    assert states["sent"] + states["unknown"] == READERS
    assert states["unknown"] <= KILLS


@pytest.mark.parametrize(
    ("dies", "state", "copies"),
    [("making", "sent", 1), ("before the dot", "unknown", 0), ("after the answer", "unknown", 1)],
)
def test_each_moment_of_a_death(relay, issue, dies, state, copies):
    mailing_to(1, issue)
    worker(relay, dies).wait()
    assert worker(relay).wait() == 0
    assert list(Delivery.objects.values_list("state", flat=True)) == [state]
    assert len(relay.taken()) == copies


def test_the_harness_convicts_who_tries_again_blindly(relay, issue):
    mailing_to(1, issue)
    worker(relay, "after the answer").wait()
    assert worker(relay, "retries").wait() == 0
    assert len(relay.taken()) == 2
