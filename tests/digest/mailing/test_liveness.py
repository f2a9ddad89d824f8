"""A killed sender's letters: those not begun are pending at once, those that may have left are unknown at once."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from digest.mailing import start
from digest.mailing.models import Delivery
from digest.mailing.takeback import take_back
from news.liveness import BACKEND, backend

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State


def test_what_a_killed_sender_held(reader, issue):
    for name in "abcd":
        reader(f"{name}@reader.example")
    issue()
    start.post_briefings()
    values = connection.settings_dict
    other = psycopg.connect(host=values["HOST"], user=values["USER"], dbname=values["NAME"], autocommit=True)
    gone, here = other.execute(BACKEND).fetchone()[0], backend()
    deliveries = list(Delivery.objects.order_by("subscriber__email"))
    later = timezone.now() + timedelta(minutes=5)
    held = [(State.CLAIMED, gone), (State.COMMITTING, gone), (State.CLAIMED, here), (State.COMMITTING, here)]
    for delivery, (state, name) in zip(deliveries, held, strict=True):
        delivery.state, delivery.worker, delivery.lease_until = state, f"{name}:host:1:00", later
        delivery.save()
    take_back()
    assert _states() == [State.CLAIMED, State.COMMITTING, State.CLAIMED, State.COMMITTING]
    other.close()
    _await_end(gone)
    take_back()
    assert _states() == [State.PENDING, State.UNKNOWN, State.CLAIMED, State.COMMITTING]


def _states():
    return list(Delivery.objects.order_by("subscriber__email").values_list("state", flat=True))


def _await_end(name):
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT pg_sleep(0.01)")
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [int(name.split(".")[0])])
            if cursor.fetchone() == (0,):
                return
