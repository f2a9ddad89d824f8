"""What every encoder gives: texts in, rows of length one out; and what a stored vector must say about itself."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np

Purpose = Literal["query", "passage"]

ARTICLE_CHARACTERS = 1_000
"""How much of a body an article's vector reads: news tells its matter at the top, and the model ends at 512 tokens."""

ARTICLE_PURPOSE: Purpose = "query"
"""Articles are compared with articles and with topics, which is symmetric work: e5 wants `query: ` on both sides."""


@dataclass(frozen=True)
class Calibration:
    """Cosines that were fitted to one revision of one model; they mean nothing for another.

    `same_event`: at or above it two articles tell the same event (cosine + what news/stories adds for like titles).
    `candidate`: a cosine below it is not worth a closer look.
    """

    same_event: float
    candidate: float


# Fitted on labelled pairs, each for one model; they hold for its 8-bit and its bfloat16 vectors too
# (tests/news/stories). A model that is not here has no thresholds: what needs one (stories
# by meaning) then does without.
CALIBRATIONS = {"e5-small-zh": Calibration(same_event=0.95, candidate=0.9)}


class Encoder(Hashable, Protocol):
    """Vectors of one model revision. Vectors of two revisions are never compared or kept in one index."""

    name: str
    revision: str
    dimension: int
    calibration: Calibration | None

    def encode(self, texts: Sequence[str], purpose: Purpose = "query") -> np.ndarray:
        """Float32 [len(texts), dimension], each row of length one, in the order given; no texts make no rows."""


def article_text(title: str, text: str) -> str:
    """The part of an article that its vector is made of: the title, then the first characters of the body."""
    return f"{title.strip()}\n{text.strip()[:ARTICLE_CHARACTERS]}".strip()


def fingerprint(text: str) -> str:
    """The SHA-256 of a text, by which its stored vector is found again and known to be current."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
