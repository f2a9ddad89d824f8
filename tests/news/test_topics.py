"""The starter topics: well formed, installed once, and an editor's changes are kept."""

import pytest

from news.models import Topic, TopicExample
from news.topics import install_starter_topics, starter_topics

SLUGS = [
    *("chips", "llm", "multimodal", "detection", "vision", "speech", "robotics", "driving", "embedded", "training"),
    *("inference", "agents", "datasets", "opensource", "research", "industry", "science", "rtos"),
]


def test_every_topic_has_what_the_machine_needs() -> None:
    topics = starter_topics()
    assert [topic["slug"] for topic in topics] == SLUGS
    for topic in topics:
        assert 6 <= len(topic["examples"]) <= 10, topic["slug"]
        assert len(set(topic["terms"])) == len(topic["terms"]) > 9, topic["slug"]
        assert 0.3 <= topic["threshold"] <= 0.8, topic["slug"]
        assert all(topic[key] for key in ("name", "name_en")), topic["slug"]
        assert topic["description"].endswith("。"), topic["slug"]


@pytest.mark.django_db
def test_installed_once_and_never_over_an_editors_work() -> None:
    Topic.objects.all().delete()
    assert install_starter_topics() == 18
    chips = Topic.objects.get(slug="chips")
    chips.name, chips.threshold = "半导体", 0.9
    chips.save()
    Topic.objects.filter(slug="rtos").delete()
    assert install_starter_topics() == 1
    chips.refresh_from_db()
    assert (chips.name, chips.threshold) == ("半导体", 0.9)
    assert Topic.objects.order_by("position").first() == chips
    assert TopicExample.objects.filter(topic=chips, is_positive=False).count() == 2
