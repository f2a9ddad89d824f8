"""A judge that learned from labelled pairs: a logistic regression and boosted trees over what two heads share.

Either reads the same rows (features.py, meaning.py). The regression also reads what a pair is about and every figure's
square, the trees find what hangs together. Their logits are averaged. The threshold is the best F1's on the training
pairs, each judged by a model that had not seen it (5 folds), so nothing of a test file is ever used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from news.stories.pairs.features import Rarity
from news.stories.pairs.meaning import FIGURES, Space

FOLDS = 5
PENALTY = 0.01  # the regression's C
TREES: dict[str, Any] = {
    "max_iter": 250,
    "learning_rate": 0.04,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 30,
    "l2_regularization": 5,
    "max_features": 0.2,
    "early_stopping": False,
}
SEEDS = (0, 1)  # of the trees, which are averaged
ABOUT = 8  # directions that the trees read, and
ALONG = 16  # those along which they compare
CLIP = 4.0  # standard deviations
SURE = 1e-5


@dataclass
class Row:
    """A pair as the models read it: figures, and where its heads lie along the directions."""

    figures: np.ndarray
    about: np.ndarray
    along: np.ndarray


@dataclass
class Learned:
    """All that was learned from one set of pairs, by one encoder revision."""

    encoder: str
    rarity: Rarity
    space: Space
    middle: np.ndarray | None = None
    spread: np.ndarray | None = None
    regression: Any = None
    trees: list[Any] = field(default_factory=list)
    threshold: float = 0.5
    candidate: float = 0.0  # the cosine that 99 of 100 same pairs reach

    def likelihoods(self, rows: Sequence[Row]) -> np.ndarray:
        """How likely each pair is one event, 0..1."""
        if not rows:
            return np.zeros(0)
        logits = [_logit(self.regression.predict_proba(self._straight(rows))[:, 1])]
        bent = _bent(rows)
        grown = [_logit(trees.predict_proba(bent)[:, 1]) for trees in self.trees]
        return _even((logits[0] + np.mean(grown, axis=0)) / 2)

    def fit(self, rows: Sequence[Row], same: np.ndarray) -> None:
        """Learn from the rows; sets everything but the threshold."""
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from threadpoolctl import threadpool_limits

        figures = np.stack([row.figures for row in rows])
        self.middle, self.spread = figures.mean(0), figures.std(0) + 1e-6
        self.regression = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=500))
        self.regression.fit(self._straight(rows), same)
        bent = _bent(rows)
        with threadpool_limits(1):  # on a busy machine, threads that wait for each other take twenty times as long
            self.trees = [HistGradientBoostingClassifier(**TREES, random_state=seed).fit(bent, same) for seed in SEEDS]

    def _straight(self, rows: Sequence[Row]) -> np.ndarray:
        figures = np.stack([row.figures for row in rows])
        even = np.clip((figures - self.middle) / self.spread, -CLIP, CLIP)
        return np.hstack([even, even**2 - 1, np.stack([row.about for row in rows])])


def fit(learned: Learned, rows: Sequence[Row], same: np.ndarray, progress: Callable[[int], None]) -> Learned:
    """`learned` with models, threshold and candidate cosine; `progress` hears how many of FOLDS + 1 fits are done."""
    from sklearn.model_selection import StratifiedKFold

    unseen = np.zeros(len(rows))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for fold, (known, new) in enumerate(folds.split(np.zeros(len(rows)), same), start=1):
        learned.fit([rows[place] for place in known], same[known])
        unseen[new] = learned.likelihoods([rows[place] for place in new])
        progress(fold)
    learned.threshold = best_threshold(unseen, same)
    learned.candidate = float(
        np.quantile([row.figures[-FIGURES] for row, one in zip(rows, same, strict=True) if one], 0.01)
    )
    learned.fit(rows, same)
    progress(FOLDS + 1)
    return learned


def best_threshold(likelihoods: np.ndarray, same: np.ndarray) -> float:
    """The likelihood at and above which F1 is greatest."""
    order = np.argsort(-likelihoods, kind="stable")
    right = np.cumsum(same[order])
    measures = 2 * right / (np.arange(1, len(order) + 1) + same.sum())
    return float(likelihoods[order[int(measures.argmax())]])


def _bent(rows: Sequence[Row]) -> np.ndarray:
    parts = [np.hstack([row.figures, row.about[:ABOUT], row.along[:ALONG]]) for row in rows]
    return np.stack(parts)


def _logit(chances: np.ndarray) -> np.ndarray:
    sure = np.clip(chances, SURE, 1 - SURE)
    return np.log(sure / (1 - sure))


def _even(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))
