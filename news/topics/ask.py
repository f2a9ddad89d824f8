"""Which articles to ask an editor about first: those whose answer teaches most, and no two alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from news.models import Article, ArticleTopic, Embedding, ServingModel, Topic, TopicScores
from news.topics.current import head_for, thresholds_of
from news.topics.model import chosen, margin

LATELY = 2_000  # scored articles that are looked at
DOUBTFUL = 200  # of these, whose vectors are compared
ASKED = 20
NEAR = 2.0  # logits from its threshold within which a topic is put to the editor


@dataclass(frozen=True)
class Choice:
    topic: Topic
    score: float
    is_filed: bool


@dataclass(frozen=True)
class Question:
    """An article to ask about; `choices`, all topics, those in doubt or filed first."""

    article: Article
    choices: list[Choice]
    open_count: int  # how many of the choices are in doubt or filed

    @property
    def ahead(self) -> list[Choice]:
        return self.choices[: self.open_count]

    @property
    def others(self) -> list[Choice]:
        return self.choices[self.open_count :]


def to_ask(count: int = ASKED) -> list[Question]:
    """The articles to ask about, the most telling first. Reads what was kept at filing; encodes nothing."""
    rows = TopicScores.objects.filter(article__reviews=None, article__duplicate_of=None).order_by("-article_id")
    lately = list(rows.select_related("article").defer("article__html", "article__search")[:LATELY])
    doubtful = sorted((row for row in lately if row.scores), key=lambda row: (-row.doubt, -row.article_id))[:DOUBTFUL]
    vectors = _vectors([row.article for row in doubtful])
    chosen_rows = [doubtful[index] for index in in_turn([row.doubt for row in doubtful], vectors, count)]
    topics = list(Topic.objects.filter(is_active=True))
    thresholds = thresholds_of(topics, head_for(serving_key()))
    filed = _filed([row.article_id for row in chosen_rows])
    return [_question(row, topics, thresholds, filed) for row in chosen_rows]


def in_turn(doubts: Sequence[float], vectors: np.ndarray, count: int) -> list[int]:
    """Places of the `count` best: doubt times how little an article is like those before it."""
    apart = vectors - vectors.mean(axis=0) if len(vectors) else vectors
    apart = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    fresh = np.ones(len(doubts))
    taken: list[int] = []
    for _ in range(min(count, len(doubts))):
        worth = np.asarray(doubts) * fresh
        worth[taken] = -1
        best = int(np.argmax(worth))
        taken.append(best)
        fresh = np.minimum(fresh, 1 - np.clip(apart @ apart[best], 0, 1))
    return taken


def serving_key() -> str:
    """Whose vectors serve, without loading the encoder: web processes hold none."""
    row = ServingModel.objects.first()
    return row.key if row else ""


def _vectors(articles: Sequence[Article]) -> np.ndarray:
    rows = Embedding.objects.filter(model=serving_key(), text_hash__in={article.text_hash for article in articles})
    known = {key: np.asarray(vector, np.float32) for key, vector in rows.values_list("text_hash", "vector")}
    width = len(next(iter(known.values()), []))
    nothing = np.zeros(width, np.float32)
    return np.array([known.get(article.text_hash, nothing) for article in articles]).reshape(len(articles), width)


def _filed(articles: Sequence[int]) -> set[tuple[int, int]]:
    rows = ArticleTopic.objects.filter(article__in=articles, is_rejected=False)
    return set(rows.values_list("article_id", "topic_id"))


def _question(
    row: TopicScores, topics: Sequence[Topic], thresholds: dict[int, float], filed: set[tuple[int, int]]
) -> Question:
    scores = {topic.pk: float(row.scores.get(str(topic.pk), 0)) for topic in topics}
    ahead = {topic for topic, value in scores.items() if margin(value, thresholds[topic]) > -NEAR}
    ahead |= set(chosen(scores, thresholds)) | {topic for topic in scores if (row.article_id, topic) in filed}
    # The one nearest to its threshold is the question; the rest of those ahead follow by score, then all others.
    near = min(topics, key=lambda topic: abs(margin(scores[topic.pk], thresholds[topic.pk])), default=None)
    ahead |= {near.pk} if near else set()
    order = sorted(topics, key=lambda topic: (topic.pk not in ahead, topic is not near, -scores[topic.pk]))
    choices = [Choice(topic, scores[topic.pk], (row.article_id, topic.pk) in filed) for topic in order]
    return Question(row.article, choices, len(ahead))
