"""The paper's rings: each finds out by itself what is due. The timetable (digest/schedule.py) names their queue."""

import time

from celery import shared_task

from digest.briefings import links, memory, names
from digest.briefings.search import vectors

SEARCH_SHIFT_SECONDS = 20
NAMES_SHIFT_SECONDS = 20


@shared_task
def watch_published() -> None:
    """Give every published link its watch."""
    links.watch_published()


@shared_task
def note_names() -> None:
    """Read the items again with the names that editors changed, for a shift."""
    end = time.monotonic() + NAMES_SHIFT_SECONDS
    while time.monotonic() < end and names.renote_batch():
        pass


@shared_task
def remember() -> None:
    """Compare what is new with what was printed."""
    memory.sweep()


@shared_task
def keep_search() -> None:
    """Words, vectors and likenesses of the items that lack them, for a shift."""
    end = time.monotonic() + SEARCH_SHIFT_SECONDS
    vectors.catch_up(lambda: time.monotonic() > end)
