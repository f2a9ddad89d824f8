"""A tour and its stops to test with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from digest.events.models import Event, Tour
from digest.events.signup import Person
from tests.digest.mailing.conftest import sink

__all__ = ["person", "sink", "stop", "tour"]


@pytest.fixture
def tour(db: None) -> Tour:
    return Tour.objects.create(name="示范训练营", slug="demo-camp", contact_wechat="demo_desk", contact_remark="示例")


@pytest.fixture
def stop(tour: Tour) -> Callable[..., Event]:
    def make(**fields: Any) -> Event:
        start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
        known = {"city": "青岛", "city_en": "Qingdao", "seats": 2, "starts_at": start} | fields
        return Event.objects.create(tour=fields.pop("tour", tour), **{k: v for k, v in known.items() if k != "tour"})

    return make


@pytest.fixture
def person() -> Callable[..., Person]:
    def make(number: int = 1, **fields: Any) -> Person:
        return Person(**({"name": f"来宾{number}", "email": f"guest{number}@example.com"} | fields))

    return make
