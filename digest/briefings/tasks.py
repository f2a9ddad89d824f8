"""The paper's rings: each finds out by itself what is due. The timetable (digest/schedule.py) names their queue."""

from celery import shared_task

from digest.briefings import links


@shared_task
def watch_published() -> None:
    """Give every published link its watch."""
    links.watch_published()
