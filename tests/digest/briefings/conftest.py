"""Issues and items to read in tests."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from digest.briefings.index import index
from digest.briefings.models import Briefing, Item
from news.models import Topic


@pytest.fixture
def topic(db: None) -> Callable[..., Topic]:
    def make(slug: str = "chips", name: str = "芯片", name_en: str = "Chips", **fields: Any) -> Topic:
        return Topic.objects.create(slug=slug, name=name, name_en=name_en, description=f"关于{name}", **fields)

    return make


@pytest.fixture
def issue(db: None) -> Callable[..., Briefing]:
    """An issue with its items, indexed; published at six in the evening unless told otherwise."""

    def make(day: str = "2023-03-10", *items: dict[str, Any], published: bool = True, **fields: Any) -> Briefing:
        date = datetime.date.fromisoformat(day)
        evening = timezone.make_aware(datetime.datetime.combine(date, datetime.time(18)))
        briefing = Briefing.objects.create(date=date, published_at=evening if published else None, **fields)
        for position, values in enumerate(items, start=1):
            add_item(briefing, position, **values)
        return briefing

    return make


def add_item(briefing: Briefing, position: int, **values: Any) -> Item:
    topics = values.pop("topics", [])
    known = {
        "headline": f"标题{position}",
        "text": "一段话。",
        "url": f"https://mp.weixin.qq.com/s/a{position}",
    } | values
    item = Item.objects.create(briefing=briefing, position=position, **known)
    item.topics.set(topics)
    index([item])
    return item
