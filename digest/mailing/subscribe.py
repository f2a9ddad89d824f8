"""Subscribe, confirm, change, unsubscribe: what a reader does, each safe to do twice."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from psycopg.types.json import Jsonb

from digest.mailing.models import Consent, Subscriber
from digest.mailing.models.subscriber import new_handle, new_secret
from digest.outgoing import strangers
from news.models import Topic

PAUSE = timedelta(days=28)
UNCONFIRMED_KEPT = timedelta(days=30)

# One statement whoever asks: a known address takes as long as a new one and is told the same (P4). A letter that is
# owed already stays owed at its time, or a second worker would send it too.
ASK = """
INSERT INTO mailing_subscriber AS known
    (email, status, language, is_blocked, is_sample, handle, secret, round, wish, answer_due_at, answer_tries, asked_at)
VALUES (%(email)s, 'unconfirmed', %(language)s, false, false, %(handle)s, %(secret)s, 0, %(wish)s,
    statement_timestamp(), 0, statement_timestamp())
ON CONFLICT (email) DO UPDATE SET
    wish = CASE WHEN known.status = 'confirmed' THEN known.wish ELSE EXCLUDED.wish END,
    asked_at = CASE WHEN known.status = 'unconfirmed' THEN EXCLUDED.asked_at ELSE known.asked_at END,
    answer_due_at = COALESCE(known.answer_due_at, statement_timestamp())
"""


def ask(address: str, topics: Iterable[int] = (), language: str = "zh-hans") -> None:
    """Note that somebody typed this (normalised) address. What it is sent depends on its state: answer.py."""
    wish = Jsonb({"topics": sorted(topics), "language": language})
    values: dict[str, Any] = {
        "email": address,
        "language": language,
        "wish": wish,
        "handle": new_handle(),
        "secret": new_secret(),
    }
    with connection.cursor() as cursor:
        cursor.execute(ASK, values)


def ask_for_link(address: str) -> None:
    """Owe the address its preferences link, where it is subscribed; one statement whether it is or not."""
    Subscriber.objects.filter(email=address, status=Subscriber.Status.CONFIRMED).update(
        answer_due_at=Coalesce("answer_due_at", Now())
    )


def ask_again(subscriber: Subscriber) -> None:
    """A confirming link was too old: owe the address another one, under the same limits."""
    Subscriber.objects.filter(pk=subscriber.pk).update(answer_due_at=Coalesce("answer_due_at", Now()))


@transaction.atomic
def confirm(subscriber: Subscriber) -> bool:
    """True where this call did it. Of an address that was unsubscribed meanwhile nothing changes."""
    waiting = Subscriber.objects.filter(pk=subscriber.pk, round=subscriber.round).exclude(
        status=Subscriber.Status.CONFIRMED
    )
    wish = subscriber.wish
    done = waiting.update(
        status=Subscriber.Status.CONFIRMED,
        confirmed_at=timezone.now(),
        language=wish.get("language", subscriber.language),
        paused_until=None,
        wish={},
        answer_due_at=None,
        answer_tries=0,
    )
    if done:
        subscriber.topics.set(_known(wish.get("topics", [])))
        Consent.objects.create(subscriber=subscriber, act=Consent.Act.CONFIRMED, way="link")
        strangers.has_confirmed(subscriber.email)
    subscriber.refresh_from_db()
    return bool(done)


@transaction.atomic
def change(subscriber: Subscriber, *, topics: Iterable[Any], language: str, paused: bool) -> None:
    """Write what the preferences page says. Pausing again does not lengthen a pause that runs."""
    subscriber.language = language
    if paused != subscriber.is_paused:
        subscriber.paused_until = timezone.now() + PAUSE if paused else None
    subscriber.save(update_fields=["language", "paused_until"])
    subscriber.topics.set(topics)
    Consent.objects.create(subscriber=subscriber, act=Consent.Act.CHANGED, way="link")


@transaction.atomic
def unsubscribe(subscriber: Subscriber, way: str = "link") -> bool:
    """True where this call did it; of fifty at once, one. The row stays, so that old links go on working."""
    done = (
        Subscriber.objects.filter(pk=subscriber.pk)
        .exclude(status=Subscriber.Status.UNSUBSCRIBED)
        .update(
            status=Subscriber.Status.UNSUBSCRIBED,
            unsubscribed_at=timezone.now(),
            round=F("round") + 1,
            answer_due_at=None,
            answer_tries=0,
        )
    )
    if done:
        Consent.objects.create(subscriber=subscriber, act=Consent.Act.UNSUBSCRIBED, way=way)
    return bool(done)


def forget_unconfirmed() -> None:
    """Addresses that nobody confirmed are not kept: most were typed by mistake or by strangers."""
    Subscriber.objects.filter(
        status=Subscriber.Status.UNCONFIRMED,
        is_blocked=False,
        answer_due_at=None,
        asked_at__lt=Now() - UNCONFIRMED_KEPT,
    ).delete()


def _known(topics: Any) -> list[int]:
    return list(Topic.objects.filter(pk__in=topics, is_active=True).values_list("pk", flat=True))
