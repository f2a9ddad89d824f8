"""Streaks: letters of one mailing, one after another, that the relay refused or did not answer for.

One refusal concerns one reader. Many in a row concern the relay or us, so they pause the mailing before everybody on
the list has failed. The streak is kept in the rows (`Delivery.in_streak`), not in a sender: two senders share it, and
it outlasts a worker that ends or a relay that goes down between two letters. A letter that arrives ends it.
"""

import logging

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from digest.mailing.models import Delivery, Mailing

log = logging.getLogger(__name__)
State = Delivery.State
REFUSALS_TO_PAUSE = 20  # one after another: it is us whom the relay refuses, not twenty readers
UNKNOWN_TO_PAUSE = 3  # each costs a person's look into the relay's log
NO_ANSWER = gettext_noop("邮件服务器连续 3 次收信后没有回应；请检查邮件服务器，核对“不确定”的投递，再按“继续”")


def is_running() -> Exists:
    """For the query that reads a claimed delivery: whether its mailing has a streak that a success must end."""
    return Exists(Delivery.objects.filter(mailing=OuterRef("mailing"), in_streak=True))


def end(mailing_id: int) -> None:
    Delivery.objects.filter(mailing=mailing_id, in_streak=True).update(in_streak=False)


def pause_if_refused(mailing_id: int, limit: int, said: str) -> None:
    """Pause the mailing where this many in a row were refused; `said` is the relay's last answer."""
    _pause(mailing_id, said, is_long=_refused(mailing_id).count() >= limit)


def pause_if_unknown(mailing_id: int, limit: int) -> None:
    """Pause the mailing where the relay did not answer for this many in a row."""
    unknown = Delivery.objects.filter(mailing=mailing_id, in_streak=True, state=State.UNKNOWN)
    _pause(mailing_id, NO_ANSWER, is_long=unknown.count() >= limit)


def take_up(mailing_id: int) -> None:
    """After an editor resumed: what was refused in a streak that was long enough to pause is tried as if never tried.

    A refusal outside such a streak was meant for its reader and stays; an unknown delivery waits for a person.
    """
    refused = _refused(mailing_id)
    if refused.count() >= REFUSALS_TO_PAUSE:
        again = refused.filter(state__in=[State.FAILED, State.PENDING])
        again.update(state=State.PENDING, worker="", attempts=0, due_at=Now(), error="", in_streak=False)
    end(mailing_id)


def _refused(mailing_id: int) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(mailing=mailing_id, in_streak=True).exclude(state=State.UNKNOWN)


def _pause(mailing_id: int, reason: str, *, is_long: bool) -> None:
    running = Mailing.objects.filter(pk=mailing_id, state=Mailing.State.RUNNING)
    if is_long and running.update(state=Mailing.State.PAUSED, reason=reason):
        log.error("mailing %d is paused: %s", mailing_id, reason)
