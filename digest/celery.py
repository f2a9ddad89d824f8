"""The worker's and the scheduler's application. A message is only a doorbell; all work lives in PostgreSQL."""

import os

from celery import Celery

from digest import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
app = Celery("digest")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule_filename = str(embedded.VAR_DIR / "celerybeat")
app.autodiscover_tasks()
app.autodiscover_tasks(["digest"], related_name="alerts")


@app.on_after_configure.connect
def _take_the_timetable(sender: Celery, **_: object) -> None:
    from digest.schedule import TIMETABLE

    sender.conf.beat_schedule = TIMETABLE


@app.on_after_configure.connect
def _hold_the_services(**_: object) -> None:
    embedded.hold_or_exit()
