"""What there is to learn from: articles with what editors said of their topics, as cases for fit.py."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from news.embed import Encoder, article_text
from news.embed.stored import stored_vectors
from news.models import Article, ArticleTopic, TopicReview
from news.topics.fit import Case
from news.topics.model import TopicModel
from news.topics.words import words_of

MOST = 3_000  # reviewed articles, the newest: older ones told of a world that has changed


def cases(model: TopicModel, engine: Encoder) -> list[Case]:
    """The newest reviewed articles that still have a text, oldest first."""
    words = _words()
    articles = list(Article.objects.filter(pk__in=words).exclude(title="", text="").only("title", "text"))
    order = {pk: place for place, pk in enumerate(words)}
    articles.sort(key=lambda article: order[article.pk])
    vectors = stored_vectors([article_text(article.title, article.text) for article in articles], engine)
    return [
        _case(model, article, vector, words[article.pk])
        for article, vector in zip(articles, vectors, strict=True)
        if any(topic in words[article.pk] for topic in model.topics)
    ]


def newest_word() -> int:
    """The id of the last review; 0 where there is none."""
    return TopicReview.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _words() -> dict[int, dict[int, bool]]:
    """{article: {topic: whether it belongs}}, the article that was judged last at the end; the newest word counts."""
    rows = TopicReview.objects.order_by("-id").values_list("article_id", "judged", "right")[: 2 * MOST]
    said: dict[int, dict[int, bool]] = {}
    for article, judged, right in reversed(rows):
        said[article] = said.pop(article, {}) | {topic: topic in right for topic in judged}
    filed = ArticleTopic.objects.filter(by=ArticleTopic.By.EDITOR).order_by("-id")
    for article, topic, rejected in filed.values_list("article_id", "topic_id", "is_rejected")[: 2 * MOST]:
        said.setdefault(article, {})[topic] = not rejected
    return dict(list(said.items())[-MOST:])


def _case(model: TopicModel, article: Article, vector: np.ndarray, said: dict[int, bool]) -> Case:
    right = [int(said[topic]) if topic in said else -1 for topic in model.topics]
    logits = model.logits(article.title, article.text, vector)
    return Case(article.pk, words_of(article.title, article.text), vector, logits, np.array(right))


def is_anything_said() -> bool:
    return bool(newest_word()) or ArticleTopic.objects.filter(by=ArticleTopic.By.EDITOR).exists()


__all__: Sequence[str] = ["MOST", "cases", "is_anything_said", "newest_word"]
