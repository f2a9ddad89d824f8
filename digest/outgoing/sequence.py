"""Each letter takes a number before it leaves; where the numbers do not go on from the record, all mail is held.

The number is raised in the database, in the transaction that notes the letter, and then in the record beside it. So a
database is never behind the record, unless it is a dump that was restored, however young the dump is. What a crash
between the two leaves, a database that is one ahead, is no reason to hold.

The record is looked at by the machine that sends. A snapshot of a machine that restores both cannot be seen.
"""

import logging
import platform
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Now
from django.dispatch import Signal

from digest.outgoing.models import MailHold, MailSequence
from digest.outgoing.record import Record, RecordFile, opened

log = logging.getLogger(__name__)
Reason = MailHold.Reason

mail_held = Signal()
"""Sent in the transaction that notes a hold."""

LOOK = """
SELECT instance, letters, EXISTS (SELECT FROM outgoing_mailhold WHERE released_at IS NULL)
FROM outgoing_mailsequence
"""
GO_ON = "UPDATE outgoing_mailsequence SET letters = GREATEST(letters, %s) + 1 RETURNING instance, letters"
RAISE = "UPDATE outgoing_mailsequence SET letters = letters + 1 RETURNING instance, letters"


class Held(OSError):
    """No letter may leave: a MailHold is not released, or the record cannot be written."""


def is_held() -> bool:
    """Whether no letter may leave now; asks the database and the record, and notes a hold where they disagree."""
    with opened() as file:
        return _look(file)


def take_number(note: Callable[[], bool] = lambda: True) -> bool:
    """Give the next letter its number, in one transaction with `note`; False from `note` calls the letter off.

    Call it directly before the letter leaves, outside any transaction: what it says must hold whatever comes after.
    Raises Held.
    """
    with opened() as file:
        if _look(file):
            raise Held("all mail is held until a person releases it")
        with transaction.atomic(durable=True):
            if not note():
                return False
            with connection.cursor() as cursor:
                cursor.execute(RAISE)
                instance, letters = cursor.fetchone()
        try:
            file.write(Record(str(instance), letters))
        except OSError as trouble:
            raise Held(f"{settings.MAIL_RECORD} cannot be written: {trouble}") from trouble
    return True


def release(hold: MailHold, by: User | None) -> bool:
    """A person lets mail go on. True where this call did it. Each machine that found one goes on at its next look."""
    rows = MailHold.objects.filter(pk=hold.pk, released_at=None)
    return bool(rows.update(released_at=Now(), released_by=by))


def _look(file: RecordFile) -> bool:
    known = file.read()
    instance, letters, is_held = _database()
    if known and known.hold:
        # A dump that is restored once more has forgotten the hold too.
        if not MailHold.objects.filter(pk=known.hold).exists():
            _hold(uuid.UUID(known.hold), Reason.BEHIND, letters, known)
        if not MailHold.objects.exclude(released_at=None).filter(pk=known.hold).exists():
            return True
        file.write(_go_on(known))
        return is_held
    reason = _disagreement(known, instance, letters)
    if reason:
        hold = uuid.uuid4()
        recorded = known.letters if known else 0
        file.write(Record(known.instance if known else instance, recorded, str(hold)))
        _hold(hold, reason, letters, known)
    return is_held or bool(reason)


def _database() -> tuple[str, int, bool]:
    """The instance, the number of its last letter, and whether a hold is not released."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK)
        row = cursor.fetchone()
        if row is None:
            MailSequence.objects.bulk_create([MailSequence(pk=MailSequence.ONLY)], ignore_conflicts=True)
            cursor.execute(LOOK)
            row = cursor.fetchone()
    return str(row[0]), row[1], row[2]


def _go_on(known: Record) -> Record:
    """After a release: numbers go on above both, so that the same dump, restored once more, is behind once more."""
    with connection.cursor() as cursor:
        cursor.execute(GO_ON, [known.letters])
        instance, letters = cursor.fetchone()
    return Record(str(instance), letters)


def _disagreement(known: Record | None, instance: str, letters: int) -> Reason | None:
    if known is None:
        return Reason.NO_RECORD if letters else None  # a database that never let a letter out has none to forget
    if known.instance != instance:
        return Reason.OTHER
    return Reason.BEHIND if letters < known.letters else None


def _hold(pk: uuid.UUID, reason: Reason, letters: int, known: Record | None) -> None:
    with transaction.atomic():
        hold = MailHold.objects.create(
            pk=pk,
            reason=reason,
            machine=platform.node()[:100],
            letters=letters,
            letters_recorded=known.letters if known else None,
        )
        mail_held.send(MailHold, hold=hold)
    log.error("all mail is held (%s): the database knows of %d letters; see the desk", reason.value, letters)
