"""Signing up for a stop, leaving it, moving up: whatever changes seats happens here, under the event's row lock.

1. Each function locks the event's row first, so for one stop these run one after the other, in commit order.
2. A sign-up takes the next number of the stop. Numbers have no gap: the counter is in the locked row and goes back
   with a transaction that fails.
3. A seat goes to the lowest number that waits. Whoever comes new gets one only where nobody waits.
4. A seat or a place in line is held for an hour until the mailbox's owner confirms; then it goes to the next one.
5. While the date is open (待定) nobody takes a seat: people register their interest and decide when it is set.
6. Fewer seats than taken drop no one; nobody moves up until `taken` is below `seats` again.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from digest.events.models import Event, Signup
from digest.events.models.signup import AGAIN_AFTER
from digest.outgoing import strangers

log = logging.getLogger(__name__)


class Reason(StrEnum):
    GONE = "gone"
    CLOSED = "closed"


class Refused(Exception):
    """This stop takes no sign-up; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Person:
    """Who signs up. `email` is normalised: equal addresses are equal strings."""

    name: str
    email: str
    company: str = ""
    phone: str = ""
    note: str = ""
    language: str = "zh-hans"


def sign_up(event_id: int, person: Person) -> Signup:
    """Give the person a seat, a place in line, or a note of interest; the same address gets its row back.

    The row owes a mail afterwards. Raises Refused where the stop is gone, closed, called off or over.
    """
    with _locked(event_id) as event:
        if not (event.takes_signups and event.tour.is_open):
            raise Refused(Reason.CLOSED)
        known = event.signups.live().filter(email=person.email).first()
        if known:
            return _welcome_back(event, known)
        _move_up(event)
        event.last_number += 1
        signup = Signup(event=event, number=event.last_number, state=_state_for_next(event), **asdict(person))
        event.taken += signup.state == Signup.State.SEATED
        _store_counters(event)
        signup.save(force_insert=True)
        return signup


def confirm(signup: Signup) -> bool:
    """The owner of the mailbox says yes; whether this call did it. After the hour it is the end of the line."""
    with _locked(signup.event_id) as event:
        current = event.signups.filter(pk=signup.pk, confirmed_at=None).first()
        if current is None or not (current.is_live or _come_back(event, current)):
            return False
        row = Signup.objects.filter(pk=current.pk)
        row.update(confirmed_at=Now())
        row.owe(Signup.News.SIGNED_UP)
        strangers.has_confirmed(current.email)
        # What this mailbox was not asked for the limit's sake, it is asked now.
        silent = Signup.objects.live().filter(email=current.email, confirmed_at=None, mail_sent_at=None)
        silent.owe(Signup.News.SIGNED_UP)
    signup.refresh_from_db()
    return True


def take_part(signup: Signup) -> bool:
    """Turn interest into a seat or a place in line once there is a date; whether this call did it."""
    with _locked(signup.event_id) as event:
        current = event.signups.filter(pk=signup.pk, state=Signup.State.INTERESTED).first()
        if current is None or not event.takes_signups or not event.starts_at:
            return False
        _join(event, current)
    signup.refresh_from_db()
    return True


def cancel(signup: Signup) -> bool:
    """Leave; the seat goes to the first in line in the same transaction. Whether this call did it."""
    with _locked(signup.event_id) as event:
        current = event.signups.live().filter(pk=signup.pk).first()
        if current is None:
            return False
        row = Signup.objects.filter(pk=current.pk)
        row.update(state=Signup.State.CANCELLED, cancelled_at=Now())
        row.confirmed().owe(Signup.News.CANCELLED)
        row.filter(confirmed_at=None).update(mail_due_at=None)
        if current.state == Signup.State.SEATED:
            event.taken -= 1
            _store_counters(event)
        _move_up(event)
    signup.refresh_from_db()
    return True


def settle(event_id: int) -> int:
    """Give free seats to those in line (seats were added); how many moved up. A stop that is gone is settled."""
    try:
        with _locked(event_id) as event:
            return _move_up(event)
    except Refused:
        return 0


def lapse_all() -> int:
    """Give up what was held for an hour and not confirmed; how many sign-ups. Nobody is written to about it."""
    return sum(_lapse(pk) for pk in set(Signup.objects.unconfirmed_too_long().values_list("event_id", flat=True)))


def _lapse(event_id: int) -> int:
    with suppress(Refused), _locked(event_id) as event:
        late = list(event.signups.unconfirmed_too_long().values_list("pk", "state"))
        rows = Signup.objects.filter(pk__in=[pk for pk, _ in late])
        rows.update(state=Signup.State.CANCELLED, cancelled_at=Now(), lapsed_at=Now())
        event.taken -= sum(state == Signup.State.SEATED for _, state in late)
        _store_counters(event)
        _move_up(event)
        return len(late)
    return 0


def settle_all() -> int:
    """The promoter: wherever a seat is free and somebody waits; how many moved up."""
    return sum(settle(pk) for pk in Event.objects.with_free_seats_and_a_line().values_list("pk", flat=True))


def check_counters() -> list[int]:
    """The stops whose counter differed from its rows, now put right. Always empty, or there is a fault to find."""
    wrong = []
    for pk in Event.objects.filter(starts_at__gt=Now()).values_list("pk", flat=True):
        with suppress(Refused), _locked(pk) as event:
            seated = event.signups.filter(state=Signup.State.SEATED).count()
            if seated != event.taken:
                log.error("event %d counted %d taken seats and has %d", pk, event.taken, seated)
                event.taken = seated
                _store_counters(event)
                wrong.append(pk)
    return wrong


@contextmanager
def _locked(event_id: int) -> Iterator[Event]:
    with transaction.atomic():
        # no_key: a row that only points at the event (an admin's log entry) need not wait.
        rows = Event.objects.select_for_update(of=("self",), no_key=True).select_related("tour")
        event = rows.filter(pk=event_id).first()
        if event is None:
            raise Refused(Reason.GONE)
        yield event


def _welcome_back(event: Event, known: Signup) -> Signup:
    if known.state == Signup.State.INTERESTED and event.starts_at:
        _join(event, known)
        known.refresh_from_db()
    else:
        quiet = Q(mail_claimed_at=None) | Q(mail_claimed_at__lt=Now() - AGAIN_AFTER)
        Signup.objects.filter(quiet, pk=known.pk, mail_due_at=None).owe(Signup.News.SIGNED_UP)
    return known


def _join(event: Event, signup: Signup) -> None:
    """Interest becomes a place at the end of the line: seats go by when people said yes to the date."""
    event.last_number += 1
    _store_counters(event)
    row = Signup.objects.filter(pk=signup.pk)
    row.update(state=Signup.State.WAITING, number=event.last_number)
    row.owe(Signup.News.SIGNED_UP)
    _move_up(event)


def _move_up(event: Event) -> int:
    """Seat those in line while seats are free. The event's row is locked."""
    free = event.free_seats
    if free == 0 or event.is_called_off or event.is_over or not event.starts_at:
        return 0
    moving = list(event.signups.in_line().values_list("pk", flat=True)[:free])
    if moving:
        Signup.objects.filter(pk__in=moving).update(state=Signup.State.SEATED)
        Signup.objects.confirmed().filter(pk__in=moving, mail_due_at=None).owe(Signup.News.PROMOTED)
        event.taken += len(moving)
        _store_counters(event)
    return len(moving)


def _come_back(event: Event, lapsed: Signup) -> bool:
    """What lapsed takes the next number, if the stop still takes sign-ups and the address has no other one."""
    takes = event.takes_signups and event.tour.is_open
    if lapsed.lapsed_at is None or not takes or event.signups.live().filter(email=lapsed.email).exists():
        return False
    _move_up(event)
    event.last_number += 1
    state = _state_for_next(event)
    event.taken += state == Signup.State.SEATED
    _store_counters(event)
    changes = {"number": event.last_number, "state": state, "cancelled_at": None, "lapsed_at": None}
    Signup.objects.filter(pk=lapsed.pk).update(**changes)
    return True


def _state_for_next(event: Event) -> str:
    """After `_move_up`: where a seat is still free, nobody waits."""
    if not event.starts_at:
        return Signup.State.INTERESTED
    return Signup.State.WAITING if event.free_seats == 0 else Signup.State.SEATED


def _store_counters(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(taken=event.taken, last_number=event.last_number)
