"""The doorbells of the wire: each message only says that there may be work; what work there is, PostgreSQL knows."""

import logging
import time

from celery import shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from news import pipeline
from news.models import Stage

log = logging.getLogger(__name__)
SHIFT_SECONDS = 60  # then the bell is rung anew, so that a worker may be stopped or replaced between two shifts


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


def ring(stage: Stage, after: float = 0) -> None:
    """Ring once the transaction is through. A broker that is down loses nothing: the sweeper rings again."""

    def send() -> None:
        try:
            work.apply_async((stage.value,), queue=pipeline.TABLE[stage].queue, countdown=after, expires=120)
        except OperationalError as error:
            log.warning("the broker does not answer, the sweeper will ring for %s: %s", stage, error)

    transaction.on_commit(send)
