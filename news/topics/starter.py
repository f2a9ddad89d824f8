"""The starter set of topics: put into the database once, from the file beside this, and never forced on an editor."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from news.models import Topic, TopicExample

STARTER = Path(__file__).parent.with_name("starter_topics.toml")


def starter_topics() -> list[dict[str, Any]]:
    """The topics of the file, in its order."""
    return tomllib.loads(STARTER.read_text(encoding="utf-8"))["topic"]


@transaction.atomic
def install_starter_topics() -> int:
    """Add the starter topics that are not there yet; how many were added. A topic that is there keeps every change."""
    known = set(Topic.objects.values_list("slug", flat=True)) | set(Topic.objects.values_list("name", flat=True))
    added = 0
    for position, data in enumerate(starter_topics(), start=1):
        if data["slug"] not in known and data["name"] not in known:
            _add(position, data)
            added += 1
    return added


def _add(position: int, data: dict[str, Any]) -> None:
    topic = Topic.objects.create(
        slug=data["slug"],
        name=data["name"],
        name_en=data["name_en"],
        description=data["description"],
        terms="\n".join(data["terms"]),
        threshold=data["threshold"],
        position=position * 10,
    )
    TopicExample.objects.bulk_create(
        TopicExample(topic=topic, text=text, is_positive=is_positive)
        for is_positive, key in ((True, "examples"), (False, "not_examples"))
        for text in data[key]
    )
