"""How well a text fits each topic: nearness to its description and examples, and its terms in title and head. Pure.

    score = 1 / (1 + exp(-(8 p + 4 n + 2.6 ln(1 + t) + 2.3 ln(1 + h) - r - 3.1)))
    score = 1 / (1 + exp(-(18 p + n - r - 2.4)))    for a topic that has no terms

p: cosine to the mean of the topic's description and examples; n: mean cosine to its two nearest examples; t, h: how
many of its terms stand in the title, in the head of the text; r: 4 times how much nearer a counter-example is than any
example. Cosines are taken after the mean of all topics' texts is subtracted: e5 puts every Chinese text near every
other, and what they share says nothing (three to six points of accuracy). The weights were fitted once, the same for
all topics, on 485 labelled items; a topic that an editor adds works by the same formula. What editors correct is
learned on top of it (news/topics/).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

HEAD = 200  # characters of the body in which a term counts
NEAREST = 2
TITLE, BODY, COUNTER = 2.6, 2.3, 4.0
WITH_TERMS, WITHOUT_TERMS = (8.0, 4.0, -3.1), (18.0, 1.0, -2.4)  # prototype, nearest examples, offset


@dataclass(frozen=True)
class TopicTexts:
    """What a topic says of itself."""

    description: str
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """All that is to be encoded, in a fixed order."""
        return [self.description, *self.examples, *self.counter_examples]


@dataclass(frozen=True)
class Score:
    """A topic's score, 0 to 1, and what it rests on: nearest examples with their cosine, and terms that were found."""

    value: float
    examples: list[tuple[str, float]] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    logit: float = 0.0  # the value before it was pressed between 0 and 1


class TopicSpace:
    """Topics made ready for scoring. `vectors` are the rows of all topics' texts, topic after topic."""

    def __init__(self, topics: list[TopicTexts], vectors: np.ndarray) -> None:
        self.centre: np.ndarray = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[-1], np.float32)
        ends = np.cumsum([len(topic.texts) for topic in topics])[:-1]
        rows = np.split(self.centred(vectors), ends) if topics else []
        self._topics = [_ReadyTopic(topic, own) for topic, own in zip(topics, rows, strict=True)]

    def scores(self, title: str, text: str, vector: np.ndarray) -> list[Score]:
        """One score a topic, in the topics' order. `vector` is the article's, of the same encoder."""
        place = self.centred(vector)
        return [topic.score(title.casefold(), text[:HEAD].casefold(), place) for topic in self._topics]

    def centred(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors as the scores compare them: the topics' mean taken away, of length one again."""
        moved = vectors - self.centre
        return moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9)


class _ReadyTopic:
    def __init__(self, topic: TopicTexts, rows: np.ndarray) -> None:
        split = 1 + len(topic.examples)
        prototype = rows[:split].mean(axis=0)
        self._prototype = prototype / max(float(np.linalg.norm(prototype)), 1e-9)
        self._names = topic.examples or (topic.description,)
        self._examples = rows[1:split] if topic.examples else rows[:1]
        self._counters = rows[split:]
        self._terms = [(term, term_pattern(term)) for term in topic.terms]

    def score(self, title: str, head: str, place: np.ndarray) -> Score:
        near = self._examples @ place
        nearest = np.argsort(-near, kind="stable")[:NEAREST]
        in_title = [term for term, pattern in self._terms if pattern.search(title)]
        in_head = [term for term, pattern in self._terms if pattern.search(head)]
        prototype, by_near, offset = WITH_TERMS if self._terms else WITHOUT_TERMS
        logit = prototype * float(self._prototype @ place) + by_near * float(near[nearest].mean()) + offset
        logit += TITLE * np.log1p(len(in_title)) + BODY * np.log1p(len(in_head))
        if len(self._counters):
            logit -= COUNTER * max(0.0, float((self._counters @ place).max() - near.max()))
        return Score(
            round(float(1 / (1 + np.exp(-logit))), 4),
            [(self._names[index], round(float(near[index]), 3)) for index in nearest],
            list(dict.fromkeys([*in_title, *in_head])),
            float(logit),
        )


def term_pattern(term: str) -> re.Pattern[str]:
    """Finds a term in case-folded text: `MCU` not inside another Latin word or number, a Chinese term anywhere."""
    folded = term.casefold()
    before = r"(?<![a-z0-9])" if folded[:1].isascii() and folded[:1].isalnum() else ""
    after = r"(?![a-z0-9])" if folded[-1:].isascii() and folded[-1:].isalnum() else ""
    return re.compile(before + re.escape(folded) + after)
