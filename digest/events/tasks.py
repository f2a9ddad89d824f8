"""What the trainings do by themselves; digest/schedule.py says when. Each may run twice, late, or at once elsewhere."""

from celery import shared_task

from digest.events import limits, mails, signup
from digest.events.models import Signup
from digest.outgoing.sequence import is_held


@shared_task
def send_signup_mails() -> None:
    if not is_held():
        mails.send_signup_mails()


@shared_task
def tell_editors_of_offers() -> None:
    if not is_held():
        mails.tell_editors_of_offers()


@shared_task
def settle_events() -> None:
    """Give up what nobody confirmed, and free seats to those who wait (within 60 s, P26); owe mails of changes and
    reminders."""
    signup.lapse_all()
    signup.settle_all()
    mails.owe_news_of_changes()
    mails.owe_reminders()


@shared_task
def keep_books() -> None:
    """Forget what need not be kept, and check each counter against its rows."""
    limits.forget()
    Signup.objects.past_keeping().delete()
    signup.check_counters()
