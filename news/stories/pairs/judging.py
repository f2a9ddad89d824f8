"""The learned judge at work: one telling against others, by their heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from news.embed import Encoder
from news.stories.judge import Judgement, Telling, even
from news.stories.pairs.heads import Heads
from news.stories.pairs.learn import Pair, Progress, likelihoods
from news.stories.pairs.learned import Learned
from news.stories.pairs.reading import head


class LearnedJudge:
    """Judges as `learned` was taught; its likelihoods are moved so that .5 is its threshold."""

    name = "learned"

    def __init__(self, learned: Learned, engine: Encoder) -> None:
        self._learned, self._heads = learned, Heads(engine)

    def judge_many(self, one: Telling, others: Sequence[Telling]) -> list[Judgement]:
        """A judgement for each of the others, in order; what they say beyond their heads is not read."""
        own = head(one.title, one.text)
        return self.judge_pairs([Pair(own, head(other.title, other.text)) for other in others])

    def judge_pairs(self, pairs: Sequence[Pair], progress: Progress | None = None) -> list[Judgement]:
        """A judgement for each pair of heads, in order."""
        chances = np.clip(likelihoods(pairs, self._learned, self._heads, progress), 1e-9, 1 - 1e-9)
        threshold = min(max(self._learned.threshold, 1e-9), 1 - 1e-9)
        logits = np.log(chances / (1 - chances)) - np.log(threshold / (1 - threshold))
        return [
            Judgement(even(float(logit)), logit >= 0, {"chance": float(chance)})
            for logit, chance in zip(logits, chances, strict=True)
        ]
