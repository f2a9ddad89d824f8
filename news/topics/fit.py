"""Learn a head from articles whose topics an editor judged. Pure: scikit-learn, no database; the same every time.

A logistic regression a topic (L2, classes weighted alike) on the centred vector, the formula's logits of all topics
and the words of title and head. What the weights cannot be judged on is judged by cross-validation: each article by a
head that had not seen it gives the mistakes that near articles should not repeat, the slope and offset that make
scores probabilities, and the quality that is shown. A pair of article and topic that nobody judged is not learned from.

Known failures: corrections of doubtful articles alone make a topic look rarer or commoner than it is, and the
probabilities with it, until articles that were right are confirmed too; a topic with fewer than ten confirmed articles
is still mostly the formula.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from news.topics.head import BY_FORMULA, Head, centred, mixed, pull, sigmoid
from news.topics.words import Vocabulary

log = logging.getLogger(__name__)

STRENGTH = 3.0  # C of the regression
HALF = 10  # judged articles of the rarer kind at which the learned part weighs as much as the formula
FOLDS = 4
SEED = 20261124
KEPT = 500  # corrections that near articles are compared with, the newest
HOLD = 5.0  # how strongly slope and offset hold to the formula's, in judged pairs


@dataclass(frozen=True)
class Case:
    """An article and what an editor said of it; `logits` and `right` in the order of the topics."""

    article: int
    counted: Counter[str]
    vector: np.ndarray
    logits: np.ndarray
    right: np.ndarray  # 1 belongs, 0 does not, -1 not judged


@dataclass(frozen=True)
class Fitted:
    head: Head
    unseen: np.ndarray  # [cases, topics]: scores by heads that had not seen the case
    right: np.ndarray  # the same shape: 1, 0, -1


def fit(cases: Sequence[Case], topics: Sequence[int], levels: np.ndarray, centre: np.ndarray) -> Fitted:
    """The head of these cases, oldest first. `levels` are the logits of the topics' thresholds."""
    right = np.stack([case.right for case in cases])
    formula = np.stack([case.logits for case in cases])
    places = centred(np.stack([case.vector for case in cases]), centre)
    raw = _unseen(cases, places, formula, right, levels)
    wrong = np.where(right < 0, 0, np.where((raw >= 0) == (right == 1), 0, 2 * right - 1)).astype(np.int8)
    z = raw + _pulled(places, wrong)
    slope, offset = _calibrated(z, right, levels)
    whole = _Part(cases, places, formula, right)
    kept = np.flatnonzero(wrong.any(axis=1))[-KEPT:]
    head = Head(
        topics=np.array(topics, np.int64),
        centre=np.asarray(centre, np.float32),
        usual=formula.mean(axis=0),
        weights=whole.weights[:, : places.shape[1] + len(topics)].astype(np.float32),
        by_word=whole.weights[:, places.shape[1] + len(topics) :].astype(np.float16),
        bias=whole.bias,
        share=whole.share,
        level=np.asarray(levels, np.float64),
        slope=slope,
        offset=offset,
        near=places[kept].astype(np.float16),
        signs=wrong[kept],
        articles=np.array([cases[index].article for index in kept], np.int64),
        vocabulary=whole.vocabulary,
    )
    return Fitted(head, sigmoid(slope * z + offset), right)


class _Part:
    """Regressions of one part of the cases."""

    def __init__(self, cases: Sequence[Case], places: np.ndarray, formula: np.ndarray, right: np.ndarray) -> None:
        self.vocabulary = Vocabulary.of([case.counted for case in cases])
        table = self.table(cases, places, formula)
        count = right.shape[1]
        self.weights = np.zeros((count, table.shape[1]))
        self.bias = np.zeros(count)
        rarer = np.minimum((right == 1).sum(axis=0), (right == 0).sum(axis=0))
        self.share = rarer / (rarer + HALF)
        for topic in np.flatnonzero(rarer):
            judged = np.flatnonzero(right[:, topic] >= 0)
            self.weights[topic], self.bias[topic] = _regression(table[judged], right[judged, topic])

    def table(self, cases: Sequence[Case], places: np.ndarray, formula: np.ndarray) -> np.ndarray:
        """Rows of features, sparse [cases, D + T + V]."""
        from scipy import sparse

        rows = [self.vocabulary.row(case.counted) for case in cases]
        ends = np.cumsum([0, *(len(at) for at, _ in rows)])
        at, weights = (np.concatenate(column) if column else np.zeros(0) for column in zip(*rows, strict=True))
        words = sparse.csr_matrix((weights, at, ends), shape=(len(rows), len(self.vocabulary.words)))
        return sparse.hstack([sparse.csr_matrix(np.hstack([places, BY_FORMULA * formula])), words]).tocsr()

    def told(self, cases: Sequence[Case], places: np.ndarray, formula: np.ndarray) -> np.ndarray:
        return np.asarray(self.table(cases, places, formula) @ self.weights.T) + self.bias


def _regression(table: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", tol=1e-3, max_iter=1_000)
    model.fit(table, right)
    return model.coef_[0], float(model.intercept_[0])


def _unseen(
    cases: Sequence[Case], places: np.ndarray, formula: np.ndarray, right: np.ndarray, levels: np.ndarray
) -> np.ndarray:
    """z of every case by the regressions of the other folds, without what near corrections add."""
    z = formula - levels
    order = np.random.default_rng(SEED).permutation(len(cases))
    for fold in np.array_split(order, min(FOLDS, len(cases))):
        rest = np.setdiff1d(order, fold)
        if len(rest):
            part = _Part([cases[index] for index in rest], places[rest], formula[rest], right[rest])
            told = part.told([cases[index] for index in fold], places[fold], formula[fold])
            z[fold] = mixed(part.share, formula[fold] - levels, told, np.zeros_like(told))
    return z


def _pulled(places: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """What the other cases' mistakes add to each case's z."""
    from news.topics.head import NEAR

    close = pull(places @ places.T)
    np.fill_diagonal(close, 0)
    return NEAR * np.clip(close @ wrong, -1, 1)


def _calibrated(z: np.ndarray, right: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and offset of each topic: logistic regression on z, held to slope 1 and the formula's level."""
    from scipy.optimize import minimize

    slope, offset = np.ones(z.shape[1]), np.array(levels, np.float64)
    for topic in range(z.shape[1]):
        judged = right[:, topic] >= 0
        x, sign, level = z[judged, topic], 2.0 * right[judged, topic] - 1, float(levels[topic])

        def cost(ends: np.ndarray, x: np.ndarray = x, sign: np.ndarray = sign, level: float = level) -> float:
            held = HOLD * ((ends[0] - 1) ** 2 + (ends[1] - level) ** 2) / 2
            return float(np.logaddexp(0, -sign * (ends[0] * x + ends[1])).sum() + held)

        found = minimize(cost, [1.0, level], method="L-BFGS-B", bounds=[(0.2, 3), (-4, 4)])
        slope[topic], offset[topic] = found.x
    return slope, offset
