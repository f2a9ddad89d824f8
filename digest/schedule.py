"""What runs when, on one screen. Everything here may run twice or late: each task finds out by itself what is due."""

from typing import Any


def every(seconds: float, task: str, queue: str) -> dict[str, Any]:
    # A ring that nobody answered before the next one is worth nothing.
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}


MINUTE, HOUR, DAY = 60, 3_600, 86_400

TIMETABLE = {
    # the wire
    "ring for articles that wait": every(10, "news.tasks.sweep", "default"),
    # the post
    "take up what was published": every(30, "digest.mailing.tasks.post_briefings", "mail"),
    "send what waits": every(10, "digest.mailing.tasks.deliver", "mail"),
    "answer those who subscribe": every(10, "digest.mailing.tasks.send_confirmations", "mail"),
    "forget who never confirmed": every(DAY, "digest.mailing.tasks.forget_old", "mail"),
    # the trainings
    "answer those who sign up": every(10, "digest.events.tasks.send_signup_mails", "mail"),
    "give free seats to those who wait": every(30, "digest.events.tasks.settle_events", "default"),
    "tell the editors of offers": every(HOUR, "digest.events.tasks.tell_editors_of_offers", "mail"),
    "keep the books of the trainings": every(DAY, "digest.events.tasks.keep_books", "default"),
}
