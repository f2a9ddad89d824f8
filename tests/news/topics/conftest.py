"""A few topics and articles of our own."""

import pytest

from news.models import Topic
from news.topics import install_starter_topics

FEW = ["chips", "embedded", "speech", "science", "industry"]  # each of the others would only cost time


@pytest.fixture
def few_topics(db: None) -> dict[str, Topic]:
    Topic.objects.all().delete()
    install_starter_topics()
    Topic.objects.exclude(slug__in=FEW).delete()
    return {topic.slug: topic for topic in Topic.objects.all()}
