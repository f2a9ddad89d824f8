"""Two rankings made one by reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): no score is compared."""

from collections import defaultdict
from collections.abc import Sequence

FLAT = 20  # the formula's k: how little the first places stand out
WORDS, MEANING = 1.0, 1.0


def fused(words: Sequence[int], meaning: Sequence[int]) -> list[int]:
    """Keys of both, the best first; of equals, the one that the words found first."""
    scores: dict[int, float] = defaultdict(float)
    for ranking, weight in ((words, WORDS), (meaning, MEANING)):
        for place, key in enumerate(ranking, start=1):
            scores[key] += weight / (FLAT + place)
    return sorted(scores, key=lambda key: -scores[key])
