"""The mails that rows owe: to who signed up, to the editors about offers.

A row is claimed by one UPDATE before its mail is handed over, so each mail goes out at most once however many workers
run; what a worker that died in between had claimed stays visible (claimed, not sent). Where the relay refuses, the row
owes the mail again, later each time, at most TRIES times.
"""

import smtplib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from digest import mail
from digest.events import limits
from digest.events.models import Event, Offer, Signup

AT_ONCE = 100
TRIES = 6
FIRST_WAIT = timedelta(minutes=1)
OFFERS_NAMED = 50


def send_signup_mails() -> int:
    """Send what is due, oldest first; how many went out."""
    due = list(Signup.objects.owing_mail().values_list("pk", flat=True)[:AT_ONCE])
    return sum(_send(pk) for pk in due)


def owe_news_of_changes() -> None:
    """Whoever signed up for a stop whose date or place changed is owed a mail: one for several corrections."""
    for event in Event.objects.changed_and_quiet():
        with transaction.atomic():
            unannounced = Event.objects.filter(pk=event.pk, announced_sequence__lt=event.sequence)
            if unannounced.update(announced_sequence=event.sequence) and not event.is_over:
                event.signups.live().confirmed().owe(Signup.News.CHANGED)


def owe_reminders() -> None:
    """Who has a seat is reminded once, the day before; a mail that is due anyway says the same."""
    with transaction.atomic():
        due = list(Signup.objects.to_remind().select_for_update(of=("self",)).values_list("pk", flat=True))
        Signup.objects.filter(pk__in=due).update(reminded_at=Now())
        Signup.objects.filter(pk__in=due, mail_due_at=None).owe(Signup.News.REMINDER)


def tell_editors_of_offers() -> int:
    """One mail about all offers that came since the last one; how many it told. Rings often, mails seldom."""
    if not settings.EDITORS_EMAIL:
        return 0
    with transaction.atomic():
        told = list(Offer.objects.untold().select_for_update(skip_locked=True).values_list("pk", flat=True))
        Offer.objects.filter(pk__in=told).update(editors_told_at=Now())
    if not told:
        return 0
    named = Offer.objects.filter(pk__in=told).select_related("tour")[:OFFERS_NAMED]
    context = {"offers": named, "count": len(told), "more": max(len(told) - OFFERS_NAMED, 0)}
    try:
        mail.post("offers", settings.EDITORS_EMAIL, context)
    except (smtplib.SMTPException, OSError):
        Offer.objects.filter(pk__in=told).update(editors_told_at=None)
        raise
    return len(told)


def _send(pk: int) -> bool:
    claimed = Signup.objects.filter(pk=pk, mail_due_at__lte=Now())
    if not claimed.update(mail_due_at=None, mail_claimed_at=Now(), mail_tries=F("mail_tries") + 1):
        return False
    signup = Signup.objects.select_related("event__tour").get(pk=pk)
    if not signup.is_confirmed and not _may_ask(signup):
        return False
    # The number of the claim is in it: a second mail about the same row is another letter.
    claim = f"{signup.mail_claimed_at:%Y%m%d%H%M%S%f}" if signup.mail_claimed_at else ""
    message_id = f"<signup-{signup.pk}-{claim}@{mail.site_host()}>"
    try:
        template = "signup" if signup.is_confirmed else "signup_confirm"  # no word of the visitor's is in the second
        mail.post(template, signup.email, _context(signup), message_id=message_id, language=signup.language)
    except (smtplib.SMTPException, OSError):
        _put_back(signup)
        return False
    Signup.objects.filter(pk=pk).update(mail_sent_at=Now())
    return True


def _may_ask(signup: Signup) -> bool:
    """Count the letter that asks to confirm; a further try of one is not counted again."""
    if not signup.is_live:
        return False
    return signup.mail_tries > 1 or limits.may_ask_to_confirm(signup.email)


def _context(signup: Signup) -> dict[str, object]:
    event = signup.event
    return {
        "signup": signup,
        "event": event,
        "tour": event.tour,
        "place": signup.place_in_line,
        "page": settings.SITE_URL + signup.get_absolute_url(),
        "event_page": settings.SITE_URL + event.get_absolute_url(),
        "news": signup.mail_news,
    }


def _put_back(signup: Signup) -> None:
    if signup.mail_tries < TRIES:
        wait = FIRST_WAIT * 4 ** (signup.mail_tries - 1)
        Signup.objects.filter(pk=signup.pk, mail_due_at=None).update(mail_due_at=Now() + wait)
