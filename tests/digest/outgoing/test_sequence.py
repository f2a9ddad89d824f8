"""Letters take numbers; a database whose numbers do not go on from this machine's record lets none out."""

import json
import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail as django_mail
from django.db import connection
from django.urls import reverse

from digest import mail
from digest.mailing.models import Mailing
from digest.outgoing import sequence
from digest.outgoing.models import MailHold, MailSequence
from digest.outgoing.record import Record, opened
from digest.outgoing.sequence import Held, is_held, release, take_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def record(settings, tmp_path):
    settings.MAIL_RECORD = tmp_path / "var" / "mail-record.json"
    return settings.MAIL_RECORD


def read() -> Record | None:
    with opened() as file:
        return file.read()


def database() -> MailSequence:
    return MailSequence.objects.get()


def test_each_letter_takes_the_next_number_in_both_places(record):
    assert (is_held(), read()) == (False, None)
    assert [take_number(), take_number(), take_number(lambda: False), take_number()] == [True, True, False, True]
    assert (database().letters, read()) == (3, Record(str(database().instance), 3))
    assert (record.stat().st_mode & 0o777, record.stat().st_size) == (0o600, 200)
    assert not MailHold.objects.exists()


def test_what_the_note_does_is_undone_with_the_number():
    def note() -> bool:
        User.objects.create(username="half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        take_number(note)
    assert not User.objects.exists()
    assert (database().letters, read()) == (0, None)


def test_a_database_that_is_one_ahead_goes_on():
    """A crash came between the two."""
    take_number()
    MailSequence.objects.update(letters=2)
    assert not is_held()
    take_number()
    assert read() == Record(str(database().instance), 3)


def behind() -> None:
    MailSequence.objects.update(letters=4)


def another() -> None:
    MailSequence.objects.update(instance=uuid.uuid4())


def no_record() -> None:
    os.unlink(settings_record())


def broken_record() -> None:
    settings_record().write_text("{" + " " * 199)


def settings_record():
    from django.conf import settings

    return settings.MAIL_RECORD


@pytest.mark.parametrize(
    ("change", "reason", "recorded", "missing"),
    [
        (behind, "behind", 5, 1),
        (another, "other", 5, None),
        (no_record, "no_record", None, None),
        (broken_record, "no_record", None, None),
    ],
)
def test_a_database_that_does_not_fit_the_record_holds_all_mail(change, reason, recorded, missing):
    for _ in range(5):
        take_number()
    change()
    with pytest.raises(Held):
        take_number()
    assert is_held()
    hold = MailHold.objects.get()
    assert (hold.reason, hold.letters_recorded, hold.missing, hold.letters) == (
        reason,
        recorded,
        missing,
        database().letters,
    )
    assert read().hold == str(hold.pk)

    assert (release(hold, None), release(hold, None)) == (True, False)
    before = database().letters
    assert not is_held()
    assert read() == Record(str(database().instance), database().letters) == Record(read().instance, 6)
    assert database().letters > before
    assert take_number()
    assert read() == Record(str(database().instance), 7)
    assert MailHold.objects.count() == 1


def test_the_same_dump_restored_once_more_is_held_once_more():
    for _ in range(5):
        take_number()
    behind()
    is_held()
    first = MailHold.objects.get().pk
    MailHold.objects.all().delete()  # the dump knows of no hold
    assert is_held()
    assert MailHold.objects.get().pk == first
    release(MailHold.objects.get(), None)
    assert not is_held()
    take_number()
    MailHold.objects.all().delete()
    behind()
    assert is_held()
    assert MailHold.objects.get().pk != first


def test_a_hold_of_another_machine_holds_here_too():
    take_number()
    MailHold.objects.create(reason="behind", machine="b", letters=1, letters_recorded=9)
    assert is_held()
    with pytest.raises(Held):
        take_number()
    release(MailHold.objects.get(), None)
    assert take_number()


def test_every_letter_is_held(settings):
    """Also those that no task sends: a test letter, a letter to the editors."""
    letter = mail.letter("confirm", "ada@reader.example", {"confirm_url": "https://news.example/", "days": 7})
    letter.send()
    MailHold.objects.create(reason="behind", machine="b", letters=1)
    with pytest.raises(Held):
        letter.send()
    assert len(django_mail.outbox) == 1


def test_a_record_that_cannot_be_written_lets_nothing_out(settings):
    settings.MAIL_RECORD = "/dev/full"
    with pytest.raises(Held, match="No space"):
        take_number()


def test_the_desk_says_what_to_check_and_lets_mail_go_on(client):
    MailSequence.objects.create(pk=1, letters=3)
    with opened() as file:
        file.write(Record(str(database().instance), 5))
    assert is_held()
    hold = MailHold.objects.get()
    page, button = (reverse(f"admin:outgoing_mailhold_{name}", args=[hold.pk]) for name in ("change", "release"))
    viewer = User.objects.create_user("viewer", is_staff=True)
    names = ["view_mailhold", "view_delivery"]
    viewer.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(viewer)
    assert "所有邮件停寄，等人放行" in client.get(reverse("admin:index")).text
    shown = client.get(page).text
    assert "有 2 封信寄出后数据库不再记得" in shown
    assert "放行邮件</button>" not in shown
    assert client.post(button).status_code == 403
    viewer.user_permissions.add(Permission.objects.get(codename="release_mail"))
    assert "放行邮件</button>" in client.get(page).text
    assert client.get(button).status_code == 405
    assert client.post(button).status_code == 302
    hold.refresh_from_db()
    assert (hold.released_by, is_held()) == (viewer, False)
    assert "放行邮件" not in client.get(page).text
    assert "所有邮件停寄" not in client.get(reverse("admin:index")).text


@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_are_all_different():
    def take_many(_: int) -> int:
        try:
            return sum(take_number() for _ in range(25))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take_many, range(4))) == 100
    assert (database().letters, read().letters, MailHold.objects.count()) == (100, 100, 0)


def test_a_hold_pauses_what_runs(issue):
    Mailing.objects.create(briefing=issue(), issue={"number": 1})
    MailSequence.objects.create(pk=1)
    with opened() as file:
        file.write(Record("another", 5))
    assert is_held()
    assert Mailing.objects.get().state == "paused"
    assert sequence.MailHold.objects.get().reason == "other"


def test_the_record_is_readable(record):
    take_number()
    assert json.loads(record.read_text()) == {"instance": str(database().instance), "letters": 1, "hold": ""}
