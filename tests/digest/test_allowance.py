"""An allowance: never more than the limit, however many ask at once; nobody's address is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from digest.events.models import Allowance as OfEvents
from digest.mailing.models import Allowance as OfMailing

HOUR = timedelta(hours=1)
both = pytest.mark.parametrize("allowance", [OfEvents, OfMailing])


@both
@pytest.mark.django_db
def test_the_window_slides(allowance):
    limits = [(2, HOUR), (3, 24 * HOUR)]
    assert [allowance.take("form", "198.51.100.0/24", limits) for _ in range(3)] == [True, True, False]
    assert allowance.take("form", "203.0.113.0/24", limits)
    assert allowance.take("other", "198.51.100.0/24", limits)
    earlier = timezone.now() - HOUR
    allowance.objects.update(recent=[earlier, earlier])
    assert [allowance.take("form", "198.51.100.0/24", limits) for _ in range(2)] == [True, False]  # three in a day


@both
@pytest.mark.django_db
def test_whom_it_counts_is_not_kept(allowance):
    allowance.take("form", "198.51.100.0/24", [(1, HOUR)])
    name, mark = allowance.objects.get().key.split(":")
    assert (name, len(mark), "198.51" in mark) == ("form", 64, False)


@both
@pytest.mark.django_db
def test_what_no_limit_looks_at_is_forgotten(allowance):
    for whom, age in (("old", 25), ("young", 23)):
        allowance.take(whom, "198.51.100.0/24", [(1, HOUR)])
        allowance.objects.filter(key__startswith=whom).update(recent=[timezone.now() - age * HOUR])
    allowance.forget(24 * HOUR)
    assert [one.key.split(":")[0] for one in allowance.objects.all()] == ["young"]


@pytest.mark.django_db(transaction=True)
def test_of_sixty_at_once_five_pass():
    def take(_: int) -> bool:
        try:
            return OfEvents.take("form", "198.51.100.0/24", [(5, HOUR)])
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(take, range(60))) == 5
    assert len(OfEvents.objects.get().recent) == 5
