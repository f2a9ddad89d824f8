"""Files an article under its topics, and says why. What an editor filed or took away stays as it is.

The score of each topic (topic_scores.py) is compared with the topic's own threshold; at most four topics are kept,
those that pass by most; an article that passes none has none.

Known failures: a thing merely used (a GPU that something was timed on) looks like a subject; papers and industry news
are told by tone, which vectors of this size see badly (F1 .68 and .69 against .77 over all topics).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from django.db import transaction

from news.embed.stored import stored_vectors, vector_of
from news.models import Article, ArticleTopic, Topic
from news.topic_scores import Score, TopicSpace, TopicTexts

MOST = 4  # topics that the machine gives one article
By = ArticleTopic.By


def file_topics(article: Article) -> list[ArticleTopic]:
    """File the article under every topic whose threshold it passes; gives all it is filed under now, best first.

    Idempotent. The machine's own filings are replaced; an editor's, for or against, are never touched.
    """
    topics = list(Topic.objects.filter(is_active=True).prefetch_related("examples"))
    space = _space(tuple(_texts_of(topic) for topic in topics))
    scores = space.scores(article.title, article.text, vector_of(article))
    passed = [(topic, score) for topic, score in zip(topics, scores, strict=True) if score.value >= topic.threshold]
    passed.sort(key=lambda pair: pair[0].threshold - pair[1].value)
    _write(article, passed[:MOST])
    return list(article.filed.filter(is_rejected=False).select_related("topic").order_by("-score", "topic_id"))


def _texts_of(topic: Topic) -> TopicTexts:
    examples = sorted(topic.examples.all(), key=lambda example: example.pk)
    return TopicTexts(
        description=f"{topic.name}。{topic.description}",
        examples=tuple(example.text for example in examples if example.is_positive),
        counter_examples=tuple(example.text for example in examples if not example.is_positive),
        terms=tuple(line.strip() for line in topic.terms.splitlines() if line.strip()),
    )


@lru_cache(maxsize=2)  # made anew when an editor changes a topic, as the texts are the key
def _space(topics: tuple[TopicTexts, ...]) -> TopicSpace:
    return TopicSpace(list(topics), np.asarray(stored_vectors([text for topic in topics for text in topic.texts])))


@transaction.atomic
def _write(article: Article, passed: list[tuple[Topic, Score]]) -> None:
    machine = ArticleTopic.objects.filter(article=article, by=By.MACHINE)
    machine.exclude(topic__in=[topic for topic, _ in passed]).delete()
    for topic, score in passed:
        values = {"score": score.value, "why": {"examples": score.examples, "terms": score.terms}}
        row = ArticleTopic(article=article, topic=topic, **values)
        # An editor's row, even one that comes this moment, is in the way and stays: the update asks for the machine's.
        ArticleTopic.objects.bulk_create([row], ignore_conflicts=True)
        machine.filter(topic=topic).update(**values)
