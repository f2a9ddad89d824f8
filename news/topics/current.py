"""The topics of the database with the head that fits the vectors that serve, made ready once and kept."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import cast

import numpy as np

from news.embed import Encoder
from news.embed.serving import model_key
from news.embed.stored import stored_vectors
from news.models import Topic, TopicHead
from news.topic_scores import TopicTexts
from news.topics.head import Head
from news.topics.model import TopicModel


def active_topics() -> list[Topic]:
    """The topics in use, with their examples."""
    return list(Topic.objects.filter(is_active=True).prefetch_related("examples"))


def head_for(key: str) -> TopicHead | None:
    """The newest head of these vectors (Embedding.model), without its weights."""
    return TopicHead.objects.filter(encoder=key).defer("packed").first()


def thresholds_of(topics: Sequence[Topic], head: TopicHead | None) -> dict[int, float]:
    """Each topic's threshold: an editor's as said, else the head's, else the one that it came with."""
    learned = head.thresholds if head else {}
    return {
        topic.pk: topic.threshold if topic.is_threshold_own else learned.get(str(topic.pk), topic.threshold)
        for topic in topics
    }


def model_of(topics: Sequence[Topic], engine: Encoder, head: TopicHead | None) -> TopicModel:
    """The model that scores articles; made anew when an editor changed a topic, the head or the encoder is another."""
    texts = tuple((topic.pk, texts_of(topic)) for topic in topics)
    return _model(texts, model_key(engine), head.pk if head else 0, cast(Hashable, engine))


def texts_of(topic: Topic) -> TopicTexts:
    examples = sorted(topic.examples.all(), key=lambda example: example.pk)
    return TopicTexts(
        description=f"{topic.name}。{topic.description}",
        examples=tuple(example.text for example in examples if example.is_positive),
        counter_examples=tuple(example.text for example in examples if not example.is_positive),
        terms=tuple(line.strip() for line in topic.terms.splitlines() if line.strip()),
    )


@lru_cache(maxsize=2)
def _model(topics: tuple[tuple[int, TopicTexts], ...], key: str, head: int, engine: Hashable) -> TopicModel:
    texts = [text for _, topic in topics for text in topic.texts]
    vectors = np.asarray(stored_vectors(texts, cast(Encoder, engine)))
    return TopicModel([pk for pk, _ in topics], [topic for _, topic in topics], vectors, _weights(head))


def _weights(head: int) -> Head | None:
    """None where a newer head has taken over just now and these weights are gone: the formula files this once."""
    packed = TopicHead.objects.filter(pk=head).values_list("packed", flat=True).first() if head else None
    return Head.unpacked(bytes(packed)) if packed else None
