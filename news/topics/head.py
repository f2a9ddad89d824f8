"""What was learned from the editors' corrections, ready to score an article. Pure: numpy, no database.

For topic k, with the formula's logit f (news/topic_scores.py), its level t (the logit of the topic's threshold when
the head was trained; 0 where an editor set one) and the learned decision s = w · [vector, formula logits, words] + b:

    z = (1 - a) (f - t) + a s + NEAR · n        logit(score) = slope · z + offset

a = m / (m + 10) with m the smaller of the topic's confirmed and refused articles: with no corrections the score is the
formula's, with many it is learned. n lies between -1 and 1: how near are articles that the machine had filed wrongly,
so that one correction already tells for what is like it. slope and offset make scores probabilities (Platt, 1999),
fitted on articles that the judging part had not seen.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from news.topics.words import Vocabulary

BY_FORMULA = 0.15  # how much a formula logit weighs as a feature
NEAR, FAR_AT = 5.0, 0.35  # a corrected article counts above this cosine (centred), at most so many logits
TOLD = 4  # words, and corrected articles, that a reason names


@dataclass(frozen=True)
class Learned:
    """A topic's score by a head, and what moved it: words for and against, ids of corrected articles that are near."""

    value: float
    up: list[str] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    corrected: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Head:
    """T topics by id, vectors of D dimensions, V words, M corrections that the machine had wrong."""

    topics: np.ndarray  # int64 [T]
    centre: np.ndarray  # [D]
    usual: np.ndarray  # [T]: mean formula logits, for a topic that is not scored any more
    weights: np.ndarray  # [T, D + T]
    by_word: np.ndarray  # [T, V]
    bias: np.ndarray  # [T]
    share: np.ndarray  # [T], a
    level: np.ndarray  # [T], t
    slope: np.ndarray  # [T]
    offset: np.ndarray  # [T]
    near: np.ndarray  # [M, D], centred
    signs: np.ndarray  # int8 [M, T]: 1 should have been filed, -1 should not
    articles: np.ndarray  # int64 [M]
    vocabulary: Vocabulary

    @property
    def thresholds(self) -> dict[int, float]:
        """Where each topic that no editor set a threshold for has its boundary, as a score."""
        return {int(topic): round(float(sigmoid(end)), 4) for topic, end in zip(self.topics, self.offset, strict=True)}

    def scores(self, counted: Counter[str], vector: np.ndarray, logits: Mapping[int, float]) -> dict[int, Learned]:
        """One for each topic that both the head and `logits`, the formula's, know."""
        formula = np.array(
            [logits.get(int(topic), usual) for topic, usual in zip(self.topics, self.usual, strict=True)]
        )
        place = centred(vector, self.centre)
        at, weights = self.vocabulary.row(counted)
        moved = self.by_word[:, at] * weights
        told = self.weights @ np.concatenate([place, BY_FORMULA * formula]) + moved.sum(axis=1) + self.bias
        pulls = pull(self.near @ place)[:, None] * self.signs
        z = mixed(self.share, formula - self.level, told, pulls.sum(axis=0))
        values = sigmoid(self.slope * z + self.offset)
        words = [self.vocabulary.words[index] for index in at]
        return {
            int(topic): Learned(
                round(float(values[k]), 4),
                _named(words, moved[k] * self.share[k]),
                _named(words, -moved[k] * self.share[k]),
                [int(self.articles[i]) for i in np.argsort(-abs(pulls[:, k]), kind="stable")[:TOLD] if pulls[i, k]],
            )
            for k, topic in enumerate(self.topics)
            if int(topic) in logits
        }

    def packed(self) -> bytes:
        """All of it as one compressed file of arrays."""
        arrays = {name.name: getattr(self, name.name) for name in fields(self) if name.name != "vocabulary"}
        words = np.frombuffer("\n".join(self.vocabulary.words).encode(), np.uint8)
        file = io.BytesIO()
        np.savez_compressed(file, words=words, idf=self.vocabulary.idf, **arrays)
        return file.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> Head:
        """The opposite of `packed`. Nothing is executed by reading it."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            text = file["words"].tobytes().decode()
            vocabulary = Vocabulary(tuple(text.split("\n")) if text else (), file["idf"])
            arrays = {name.name: file[name.name] for name in fields(cls) if name.name != "vocabulary"}
        return cls(vocabulary=vocabulary, **arrays)


def mixed(share: np.ndarray, formula: np.ndarray, told: np.ndarray, pulled: np.ndarray) -> np.ndarray:
    """z of the module's formula; `pulled` is the sum over corrections, before it is bounded."""
    return (1 - share) * formula + share * told + NEAR * np.clip(pulled, -1, 1)


def pull(cosines: np.ndarray) -> np.ndarray:
    """How much a corrected article counts at this cosine: 0 to 1."""
    return np.maximum(0, (cosines - FAR_AT) / (1 - FAR_AT))


def centred(vectors: np.ndarray, centre: np.ndarray) -> np.ndarray:
    moved = vectors - centre
    return moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9)


def sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(value, -30, 30)))


def _named(words: list[str], moved: np.ndarray) -> list[str]:
    """The words that moved most, without the title's mark; of a word that counts in both places one."""
    best = [words[index].lstrip("=") for index in np.argsort(-moved, kind="stable") if moved[index] > 0.05]
    return list(dict.fromkeys(word for word in best if len(word) > 1))[:TOLD]
