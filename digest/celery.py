"""The worker's and the scheduler's application. A message is only a doorbell; all work lives in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

from digest import broker, embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
broker.install()
app = Celery("digest")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_scheduler = "celery.beat:Scheduler"  # in memory: see digest/schedule.py
app.autodiscover_tasks()
app.autodiscover_tasks(["digest"], related_name="alerts")


@app.on_after_configure.connect
def _take_the_timetable(sender: Celery, **_: object) -> None:
    from digest.schedule import TIMETABLE

    sender.conf.beat_schedule = TIMETABLE


@app.on_after_configure.connect
def _hold_the_services(**_: object) -> None:
    embedded.hold_or_exit()


@worker_ready.connect
def _answer_searches(sender: Any, **_: object) -> None:
    """The worker that holds the encoder says what queries mean, in a thread beside its tasks."""
    if "gpu" in sender.app.amqp.queues.consume_from:
        from news.search import answering

        answering.start()
