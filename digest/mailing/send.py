"""Sends the deliveries that wait: each letter once, through crashes.

1. Claim one row (SKIP LOCKED, a lease by the database's clock), so unsubscribing works until the last moment.
2. Make the letter and say all of it to the relay but the final dot.
3. Write `committing`, in the WHERE of which the claim and the consent are looked at again.
4. Look whether the relay is still there and silent; then the dot. Where it is not, the row goes back: nothing was sent.
5. Write what the relay answered. Letters that fail in a row pause the mailing (streaks.py).

A row left in `claimed` was not sent and goes back; one left in `committing` becomes `unknown` (P1).
"""

import logging
import os
import secrets
import socket
import time
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from digest.mailing import compose, streaks
from digest.mailing.models import Delivery, Mailing, Subscriber
from digest.mailing.relay import Ambiguous, Carrier, Refused, RelayDown, Withheld, carrier
from digest.mailing.streaks import REFUSALS_TO_PAUSE, UNKNOWN_TO_PAUSE
from digest.mailing.takeback import ask_the_relay, finish_mailings, pause_stale, take_back
from digest.outgoing.sequence import Held, take_number
from news import free_space
from news.liveness import backend

log = logging.getLogger(__name__)
State = Delivery.State
LEASE = timedelta(minutes=5)  # longer than one exchange with a slow relay
BACK_OFF = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4)]
TRIES_OF_A_BROKEN_LETTER = 3

CLAIM = """
UPDATE mailing_delivery SET state = 'claimed', worker = %(worker)s, attempts = attempts + 1,
    lease_until = statement_timestamp() + %(lease)s
WHERE id = (
    SELECT delivery.id FROM mailing_delivery AS delivery
    JOIN mailing_mailing AS mailing ON mailing.id = delivery.mailing_id
    WHERE delivery.state = 'pending' AND delivery.due_at <= statement_timestamp() AND mailing.state = 'running'
    ORDER BY delivery.due_at, delivery.id LIMIT 1 FOR UPDATE OF delivery SKIP LOCKED)
RETURNING id
"""


def deliver(seconds: float = 240) -> int:
    """Send what waits for at most so long; how many rows were worked on. Two at a time may run side by side."""
    sender = Sender(carrier())
    deadline, done = time.monotonic() + seconds, 0
    take_back()
    pause_stale()
    ask_the_relay(sender.carrier)
    try:
        while time.monotonic() < deadline and not free_space.is_low() and sender.send_next():
            done += 1
    except Held as hold:
        log.warning("%s", hold)
    except RelayDown as trouble:
        log.warning("the relay cannot be reached, the mails wait: %s", trouble)
        Mailing.objects.filter(state=Mailing.State.RUNNING).update(reason=_line(str(trouble)))
    else:
        Mailing.objects.filter(state=Mailing.State.RUNNING).exclude(reason="").update(reason="")
    finally:
        sender.carrier.close()
    finish_mailings()
    return done


class Sender:
    """One worker with its connection to the relay."""

    def __init__(self, to: Carrier) -> None:
        self.carrier = to
        # It begins with its connection to the database, which tells of its end (take_back).
        self.name = f"{backend()}:{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(6)}"

    def send_next(self) -> bool:
        """Work on one row; False where none is due. Raises RelayDown, after putting the row back."""
        delivery = self._claim()
        if delivery is None:
            return False
        try:
            self._send(delivery)
        except (RelayDown, Held):
            self._mine(delivery).update(state=State.PENDING, attempts=F("attempts") - 1, worker="", lease_until=None)
            raise
        return True

    def _claim(self) -> Delivery | None:
        values: dict[str, Any] = {"worker": self.name, "lease": LEASE}
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, values)
            row = cursor.fetchone()
        if row is None:
            return None
        # None too where the subscriber was erased this very moment; the next ring goes on.
        rows = Delivery.objects.select_related("subscriber", "mailing").annotate(has_streak=streaks.is_running())
        return rows.filter(pk=row[0]).first()

    def _send(self, delivery: Delivery) -> None:
        if not compose.may_have(delivery.subscriber):
            return self._skip(delivery, "not subscribed any more")
        try:
            letter = compose.compose(delivery)
        except Exception as broken:  # noqa: BLE001 whatever is wrong with one letter, the others go on
            return self._put_off(delivery, f"{type(broken).__name__}: {broken}", TRIES_OF_A_BROKEN_LETTER)
        if letter is None:
            return self._skip(delivery, "nothing on the chosen topics")
        try:
            self.carrier.carry(letter, delivery.subscriber.email, lambda: self._commit(delivery))
        except Withheld:
            self._skip(delivery, "not subscribed any more")
        except Refused as refusal:
            self._refused(delivery, refusal)
        except Ambiguous as doubt:
            self._record(delivery, state=State.UNKNOWN, error=str(doubt), in_streak=True)
            streaks.pause_if_unknown(delivery.mailing_id, UNKNOWN_TO_PAUSE)
        else:
            self._record(delivery, state=State.SENT, sent_at=Now())
            if delivery.has_streak:  # type: ignore[attr-defined] # annotated by _claim
                streaks.end(delivery.mailing_id)

    def _commit(self, delivery: Delivery) -> bool:
        """The last look before the dot: still our row, still a subscriber."""
        subscribed = Subscriber.objects.mailable().filter(pk=OuterRef("subscriber_id"))
        row = Delivery.objects.filter(Exists(subscribed), pk=delivery.pk, worker=self.name, state=State.CLAIMED)
        noted = {"message_id": compose.message_id(delivery), "error": ""}
        return take_number(lambda: bool(row.update(state=State.COMMITTING, lease_until=Now() + LEASE, **noted)))

    def _refused(self, delivery: Delivery, refusal: Refused) -> None:
        if refusal.permanent:
            self._record(delivery, state=State.FAILED, error=str(refusal), in_streak=True)
        else:
            self._put_off(delivery, str(refusal), len(BACK_OFF) + 1, in_streak=True)
        streaks.pause_if_refused(delivery.mailing_id, REFUSALS_TO_PAUSE, _line(str(refusal)))

    def _put_off(self, delivery: Delivery, error: str, tries: int, *, in_streak: bool = False) -> None:
        """Try again later, each time later; after so many tries it failed."""
        if delivery.attempts >= tries:
            log.warning("delivery %d failed after %d tries: %s", delivery.pk, delivery.attempts, error)
            return self._record(delivery, state=State.FAILED, error=error, in_streak=in_streak)
        wait = BACK_OFF[min(delivery.attempts, len(BACK_OFF)) - 1]
        self._record(delivery, state=State.PENDING, due_at=Now() + wait, error=error, worker="", in_streak=in_streak)

    def _skip(self, delivery: Delivery, reason: str) -> None:
        self._record(delivery, state=State.SKIPPED, error=reason)

    def _record(self, delivery: Delivery, *, error: str = "", in_streak: bool = False, **changes: object) -> None:
        """Note how it ended; through a restart of the database, for nobody else knows it."""
        changes |= {"error": _line(error), "in_streak": in_streak}
        for pause in (0.2, 1, 3, 10, 0):
            try:
                self._mine(delivery).update(lease_until=None, **changes)
                return
            except (OperationalError, InterfaceError):
                if not pause or connection.in_atomic_block:
                    raise
                connection.close()
                time.sleep(pause)

    def _mine(self, delivery: Delivery) -> "QuerySet[Delivery]":
        """The row, if it still is ours: also when it was given up as unknown while we waited for the answer."""
        return Delivery.objects.filter(
            pk=delivery.pk, worker=self.name, state__in=[State.CLAIMED, State.COMMITTING, State.UNKNOWN]
        )


def _line(said: str) -> str:
    """What the relay said, as it fits into a row: it may say anything."""
    return said.replace("\x00", "")[:300]
