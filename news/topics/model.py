"""How well an article fits each topic, and which it is filed under: the formula, and what was learned from editors.

Policy: an article is filed under the topics whose score reaches their threshold, at most four, those that pass by
most. A threshold that an editor set is kept to the letter; one that nobody touched follows the head, which puts it
where, on articles it had not seen, it balances both kinds of mistake. What an editor said of an article stands.

Known failures: a thing merely used (a GPU that something was timed on) looks like a subject until editors refuse it
often enough; papers and open source, and industry beside product news, are told by tone, which vectors of this size
see badly; a large language model that is only the means of an agent is filed as one. An empty text is judged by its
title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from news.topic_scores import TopicSpace, TopicTexts
from news.topics.head import Head
from news.topics.words import words_of

MOST = 4  # topics that the machine gives one article


@dataclass(frozen=True)
class Verdict:
    """A topic's score, 0 to 1, and why, as ArticleTopic.why keeps it."""

    topic: int
    value: float
    why: dict[str, list[Any]]


class TopicModel:
    """Topics by id, with the vectors of their texts, topic after topic, and the head if there is one."""

    def __init__(
        self, topics: Sequence[int], texts: Sequence[TopicTexts], vectors: np.ndarray, head: Head | None = None
    ) -> None:
        self.topics = list(topics)
        self.space = TopicSpace(list(texts), vectors)
        self.head = head

    def judge(self, title: str, text: str, vector: np.ndarray) -> list[Verdict]:
        """One verdict a topic, in their order."""
        scores = dict(zip(self.topics, self.space.scores(title, text, vector), strict=True))
        learned = {}
        if self.head:
            logits = {topic: score.logit for topic, score in scores.items()}
            learned = self.head.scores(words_of(title, text), vector, logits)
        verdicts = []
        for topic, score in scores.items():
            why: dict[str, list[Any]] = {"examples": score.examples, "terms": score.terms}
            if found := learned.get(topic):
                why |= {"up": found.up, "down": found.down, "corrected": found.corrected}
            verdicts.append(Verdict(topic, found.value if found else score.value, why))
        return verdicts

    def logits(self, title: str, text: str, vector: np.ndarray) -> np.ndarray:
        """The formula's logits, in the topics' order: what a head learns from."""
        return np.array([score.logit for score in self.space.scores(title, text, vector)])


def chosen(scores: Mapping[int, float], thresholds: Mapping[int, float]) -> list[int]:
    """The topics that an article is filed under, best first: those past their threshold, at most four."""
    passed = [topic for topic, value in scores.items() if value >= thresholds[topic]]
    return sorted(passed, key=lambda topic: (-margin(scores[topic], thresholds[topic]), topic))[:MOST]


def margin(value: float, threshold: float) -> float:
    """How far a score is past its threshold, in logits."""
    return logit(value) - logit(threshold)


def logit(value: float) -> float:
    bounded = min(max(value, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))
