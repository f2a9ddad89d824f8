"""The doorbells of the wire: each message only says that there may be work; what work there is, PostgreSQL knows."""

import logging
import time
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from news import pictures, pipeline, watching
from news.embed.reembed import reembed as make_vectors
from news.models import Stage
from news.sources import poll

log = logging.getLogger(__name__)
SHIFT_SECONDS = 60  # then the bell is rung anew, so that a worker may be stopped or replaced between two shifts
PICTURE_SHIFT_SECONDS = 20
REEMBED_SHIFT_SECONDS = 40  # of every minute, so that new articles are not kept waiting


@shared_task
def work(stage: str) -> None:
    """Work at one stage until nothing waits there, ringing for the next stage as articles arrive."""
    step = pipeline.TABLE[Stage(stage)]
    end = time.monotonic() + SHIFT_SECONDS
    worked = False
    while time.monotonic() < end:
        if not pipeline.advance(step.stage):
            # A host must rest between two pages: come back when it has, rather than wait here.
            if worked and step.stage == Stage.FOUND:
                ring(step.stage, after=min(settings.CRAWL_PACE, 60))
            return
        worked = True
        if step.then in pipeline.TABLE:
            ring(step.then)
    ring(step.stage)


@shared_task
def sweep() -> None:
    """Ring for every stage that has work: what a lost message or a dead worker left is found here."""
    for stage in pipeline.sweep():
        ring(stage)


@shared_task
def look_at_sources() -> None:
    """Look at the sources that are due, and ring for what they brought."""
    end = time.monotonic() + SHIFT_SECONDS
    worked = False
    while time.monotonic() < end and poll.poll_next():
        worked = True
    if worked:
        for stage in (Stage.FOUND, Stage.FETCHED):
            ring(stage)


def ring_for_sources() -> None:
    """Ring once the transaction is through: somebody wants a source looked at now."""
    transaction.on_commit(lambda: _send(look_at_sources, after=0))


@shared_task
def check_links() -> None:
    """Ask for published links that are due, until their hosts must rest; come back when they have."""
    end = time.monotonic() + SHIFT_SECONDS
    worked = False
    while time.monotonic() < end and watching.check_next():
        worked = True
    if worked and watching.is_due():
        _send(check_links, after=min(settings.CRAWL_PACE, 60))


@shared_task
def fetch_pictures() -> None:
    """Fetch pictures that wait, for a short shift: articles need the same workers; come back when hosts have rested."""
    end = time.monotonic() + PICTURE_SHIFT_SECONDS
    worked = False
    while time.monotonic() < end and pictures.fetch_next():
        worked = True
    if worked:
        _send(fetch_pictures, after=min(settings.CRAWL_PACE, 60))


@shared_task
def forget_pictures() -> None:
    pictures.forget_old()


def ring_for_pictures() -> None:
    """Ring once the transaction is through."""
    transaction.on_commit(lambda: _send(fetch_pictures, after=0))


@shared_task
def reembed() -> None:
    """Make vectors of a model that was newly chosen, while those of the old one serve."""
    end = time.monotonic() + REEMBED_SHIFT_SECONDS
    make_vectors(lambda: time.monotonic() > end)


def _send(task: Any, after: float) -> None:
    """Ring by hand, once; where the broker is down the timetable rings again."""
    try:
        task.apply_async(queue="crawl", countdown=after, expires=120)
    except OperationalError as error:
        log.warning("the broker does not answer, the timetable will ring again: %s", error)


def ring(stage: Stage, after: float = 0) -> None:
    """Ring once the transaction is through. A broker that is down loses nothing: the sweeper rings again."""

    def send() -> None:
        try:
            work.apply_async((stage.value,), queue=pipeline.TABLE[stage].queue, countdown=after, expires=120)
        except OperationalError as error:
            log.warning("the broker does not answer, the sweeper will ring for %s: %s", stage, error)

    transaction.on_commit(send)
