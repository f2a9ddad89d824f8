"""What the trainings do by themselves; digest/schedule.py says when. Each may run twice, late, or at once elsewhere."""

from celery import shared_task

from digest.events import limits, mails, signup


@shared_task(queue="mail")
def send_signup_mails() -> None:
    mails.send_signup_mails()


@shared_task(queue="mail")
def tell_editors_of_offers() -> None:
    mails.tell_editors_of_offers()


@shared_task(queue="default")
def settle_events() -> None:
    """Give seats that are free to those who wait, and owe mails for changes: what P26 promises within 60 s."""
    signup.settle_all()
    mails.owe_news_of_changes()


@shared_task(queue="default")
def forget_old_attempts() -> None:
    limits.forget_old_attempts()
