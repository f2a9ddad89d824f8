"""One subscriber's letter of a frozen issue: the items of their topics, in their language, with their own links."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import mark_safe

from digest import mail
from digest.mailing import tokens
from digest.mailing.freeze import Issue
from digest.mailing.models import Delivery, Subscriber

LIST_NAME = "briefing"


def compose(delivery: Delivery) -> mail.Letter | None:
    """The letter; None where the issue has nothing on the topics that the subscriber chose."""
    subscriber = delivery.subscriber
    issue = choose(delivery.mailing.issue, {topic.pk for topic in subscriber.topics.all()})
    if not issue["items"]:
        return None
    unsubscribe_url = tokens.unsubscribe_url(subscriber)
    links = {"preferences_url": tokens.preferences_url(subscriber), "unsubscribe_url": unsubscribe_url}
    return mail.letter(
        "briefing",
        subscriber.email,
        {"issue": issue, "is_test": False, **links},
        headers=mail.list_headers(LIST_NAME, unsubscribe_url, f"unsubscribe {subscriber.handle}"),
        message_id=message_id(delivery),
        language=subscriber.language,
        sender=settings.NEWSLETTER_FROM_EMAIL,
    )


def compose_test(issue: Issue, address: str) -> mail.Letter:
    """The whole issue to an editor, marked as a test, with no subscriber's links in it."""
    context = {"issue": choose(issue, set()), "is_test": True, "preferences_url": "", "unsubscribe_url": ""}
    return mail.letter("briefing", address, context, sender=settings.NEWSLETTER_FROM_EMAIL)


def message_id(delivery: Delivery) -> str:
    """The same for every try of one delivery, so that a relay can be asked about it."""
    number = delivery.mailing.issue["number"]
    return delivery.message_id or f"<i{number}.d{delivery.pk}@{mail.site_host()}>"


def choose(issue: Issue, topics: set[int]) -> Issue:
    """The issue with the items of these topics only; of all where none is chosen."""
    items = [item for item in issue["items"] if not topics or topics & set(item["topics"])]
    return {
        **issue,
        "items": [{**item, "html": mark_safe(item["html"])} for item in items],  # noqa: S308 cleaned when frozen
        "lead_html": mark_safe(issue["lead_html"]),  # noqa: S308
        "closing_html": mark_safe(issue["closing_html"]),  # noqa: S308
        "tours": [_tour(tour) for tour in issue["tours"]],
    }


def _tour(tour: dict[str, Any]) -> dict[str, Any]:
    stops = [
        {**stop, "starts_at": datetime.fromisoformat(stop["starts_at"]) if stop["starts_at"] else None}
        for stop in tour["stops"]
    ]
    return {**tour, "intro_html": mark_safe(tour["intro_html"]), "stops": stops}  # noqa: S308


def may_have(subscriber: Subscriber) -> bool:
    """Whether this subscriber may be mailed an issue at this moment; samples only where nothing leaves the house."""
    if subscriber.is_sample and settings.EMAIL_URL:
        return False
    return subscriber.status == Subscriber.Status.CONFIRMED and not (subscriber.is_blocked or subscriber.is_paused)
