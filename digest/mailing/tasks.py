"""The post's rings: each finds out by itself what is due. The timetable (digest/schedule.py) names their queue."""

from celery import shared_task
from django.db import connection

from digest.mailing import answer, limits, send, start, subscribe
from digest.outgoing.sequence import is_held

SENDERS = 2  # at a time, whatever the number of workers: a relay counts connections
_LOCK = 0x4A42  # the lock's family; its number is the sender's


@shared_task
def post_briefings() -> None:
    """Take up what was published."""
    start.post_briefings()


@shared_task
def deliver() -> None:
    """Send what waits. A ring while two senders are at work does nothing."""
    with connection.cursor() as cursor:
        for number in range(SENDERS):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, number])
            if cursor.fetchone()[0]:
                break
        else:
            return
    try:
        if not is_held():
            send.deliver()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, number])


@shared_task
def send_confirmations() -> None:
    """Answer those who asked."""
    if not is_held():
        answer.answer_all()


@shared_task
def forget_old() -> None:
    """Drop addresses that nobody confirmed, and counts that no limit needs."""
    subscribe.forget_unconfirmed()
    limits.forget()
