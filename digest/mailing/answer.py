"""Answers those who asked: a confirming letter, or for a subscriber the link to the preferences.

What is owed stands in the row (`answer_due_at`), so a crash loses nothing. Where a worker dies between the relay's
answer and our note, or the relay does not answer after the final dot, a second copy of the same Message-ID leaves ten
minutes later, and TRIES copies at most.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from digest import mail
from digest.mailing import limits, tokens
from digest.mailing.models import Subscriber
from digest.mailing.relay import Ambiguous, Refused, RelayDown, carrier

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
TRIES = 5
BROKEN_OFF = 421  # the connection ended before the letter did


def answer_all(at_most: int = 500) -> int:
    """Send what is due; how many rows were settled or tried. Stops where the relay cannot be reached."""
    for done in range(at_most):
        subscriber = _claim()
        if subscriber is None or not _answer(subscriber):
            return done
    return at_most


@transaction.atomic
def _claim() -> Subscriber | None:
    """The next row that is owed a letter and may have one. The mailbox's limit is counted with the claim."""
    while True:
        due = Subscriber.objects.filter(answer_due_at__lte=Now()).order_by("answer_due_at", "pk")
        subscriber = due.select_for_update(skip_locked=True).first()
        if subscriber is None:
            return None
        row = Subscriber.objects.filter(pk=subscriber.pk)
        if _may_have_one(subscriber):
            row.update(answer_due_at=Now() + LEASE, answer_tries=F("answer_tries") + 1)
            return subscriber
        row.update(answer_due_at=None, answer_tries=0)


def _may_have_one(subscriber: Subscriber) -> bool:
    if subscriber.is_blocked or subscriber.answer_tries >= TRIES:
        return False
    return subscriber.answer_tries > 0 or limits.may_write_to(subscriber.email, _letter_for(subscriber))


def _letter_for(subscriber: Subscriber) -> str:
    return "link" if subscriber.status == Subscriber.Status.CONFIRMED else "confirm"


def _answer(subscriber: Subscriber) -> bool:
    """False where the relay cannot be reached, so that trying the next one is no use."""
    row = Subscriber.objects.filter(pk=subscriber.pk)
    try:
        _post(subscriber, _letter_for(subscriber))
    except Refused as refusal:
        log.warning("the relay refused a %s letter: %s", _letter_for(subscriber), refusal.code)
        if refusal.code == BROKEN_OFF:
            return _try_soon(row)
        row.update(answer_due_at=None if refusal.permanent else Now() + LEASE)
        return True
    except Ambiguous as doubt:
        # It may have arrived: tried again when the lease ends, and counted, or each minute would bring a copy.
        log.warning("the relay did not answer after a %s letter: %s", _letter_for(subscriber), doubt)
        return False
    except RelayDown as trouble:
        log.warning("the relay cannot be reached: %s", trouble)
        return _try_soon(row)
    row.update(answer_due_at=None, answer_tries=0)
    return True


def _try_soon(row: "QuerySet[Subscriber]") -> bool:
    """Nothing was sent, and that is not the reader's fault: not counted."""
    row.update(answer_due_at=Now() + timedelta(minutes=1), answer_tries=1)
    return False


def _post(subscriber: Subscriber, name: str) -> None:
    context = {"preferences_url": tokens.preferences_url(subscriber), "days": tokens.CONFIRM_WITHIN.days}
    if name == "confirm":
        context = {"confirm_url": tokens.confirm_url(subscriber), "days": tokens.CONFIRM_WITHIN.days}
    letter = mail.letter(
        name,
        subscriber.email,
        context,
        message_id=f"<{name}.{subscriber.handle}.{timezone.now():%Y%m%d}@{mail.site_host()}>",
        language=subscriber.wish.get("language") or subscriber.language,
    )
    to_relay = carrier()
    try:
        to_relay.carry(letter, subscriber.email, lambda: True)
    finally:
        to_relay.close()
