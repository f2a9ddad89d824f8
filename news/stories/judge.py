"""Judges how likely two articles tell the same event. Pure: of two tellings, with no database.

**The formula**, which needs no training. Cosine + 0.05 × the share of title terms in common; what speaks against one
event takes away: titles sharing under 15 % of their terms, days that differ, no number of the titles in common, no name
in common; and titles that differ in their numbers alone (an issue, an episode, a version) are two events. Two bare
titles have lower cosines than two texts and get as much for it. The threshold is the encoder's `same_event`, kept with
its revision. On 204 labelled items of two AI dailies: precision .95, recall .98, as before these signs were added; on
9,858 pairs of general news titles F1 .61 (`manage.py evaluate events`).

**The learned judge** (pairs/) learns the same from a site's own labelled pairs, or from what its editors put together
and parted, and takes the formula's place while it fits the serving encoder (judge_in_use.py).

**Known failures.** Both: two retellings that share no name but one in another spelling; the same match told as a
preview and as a report; a daily count (cases, box office, weather) of two days, told without its day; opinion on an
event taken for the event; texts of fewer than eight characters. The formula: one company's two launches in a week. The
learned judge: subjects that its pairs did not have; it is sure of itself there all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import exp
from typing import Protocol

import numpy as np

from news.embed import Calibration
from news.stories.pairs.reading import Reading, read
from news.text import normalise, search_terms

STORY_TITLE_SHARE = 0.15
TITLE_WEIGHT = 0.05
AGAINST = {"title_share": 0.02, "days": 0.03, "numbers": 0.02, "names": 0.01, "frame": 0.15}
TITLES_ONLY = 0.008
SCORE_SCALE = 0.01  # of the score, one logit
_NUMBER = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿]+")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Telling:
    """What is known of an article that tells something. `vector` is of the serving encoder, length one."""

    title: str
    text: str
    vector: np.ndarray
    moment: datetime | None = None
    account: str = ""
    url: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a judge says of two tellings: 0..1, .5 being its threshold; and what it says so by."""

    likelihood: float
    same: bool
    why: dict[str, float] = field(default_factory=dict)


class Judge(Protocol):
    """Whoever judges one telling against others, for one encoder revision."""

    name: str

    def judge_many(self, one: Telling, others: Sequence[Telling]) -> list[Judgement]:
        """A judgement for each of the others, in order."""


class Formula:
    """The judge that needs no training."""

    name = "formula"

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration

    def judge_many(self, one: Telling, others: Sequence[Telling]) -> list[Judgement]:
        """A judgement for each of the others, in order."""
        return [self._judge(one, other) for other in others]

    def _judge(self, one: Telling, other: Telling) -> Judgement:
        why = signs(one, other)
        logit = (sum(why.values()) - self._calibration.same_event) / SCORE_SCALE
        return Judgement(even(logit), logit >= 0, why)


def score(one: Telling, other: Telling, calibration: Calibration) -> float:
    """The formula's score, on the scale of `same_event`; 0 where the cosine is not worth a closer look."""
    if float(one.vector @ other.vector) < calibration.candidate:
        return 0.0
    return sum(signs(one, other).values())


def signs(one: Telling, other: Telling) -> dict[str, float]:
    """What speaks for one event and what against it; the score is the sum."""
    share = title_share(one.title, other.title)
    found = {"cosine": float(one.vector @ other.vector), "title": TITLE_WEIGHT * share}
    if not one.text and not other.text:
        found["titles_only"] = TITLES_ONLY
    titles = _read(one.title, ""), _read(other.title, "")
    heads = _read(one.title, one.text), _read(other.title, other.text)
    against = {
        "title_share": share < STORY_TITLE_SHARE,
        "days": _differ(*(head.days for head in heads)),
        "numbers": _differ(*(title.numbers for title in titles)),
        "names": _differ(*(head.names for head in heads)),
        "frame": _differ_in_numbers_alone(one.title, other.title),
    }
    return found | {name: -AGAINST[name] for name, holds in against.items() if holds}


def even(logit: float) -> float:
    """The logistic function, safe for any logit."""
    return 1 / (1 + exp(-max(-50.0, min(50.0, logit))))


def title_share(one: str, other: str) -> float:
    """Terms that two titles share, as a part of the shorter one's; bare numbers, such as dates, do not count."""
    part, whole = sorted((_title_terms(one), _title_terms(other)), key=len)
    return len(part & whole) / len(part) if part else 0.0


def _title_terms(title: str) -> frozenset[str]:
    return frozenset(term for term in search_terms(title) if not re.fullmatch(r"[\d.]+", term))


@lru_cache(maxsize=2_048)
def _read(title: str, text: str) -> Reading:
    return read(title, text)


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Both have some, and none in common."""
    return bool(one and other and not one & other)


def _differ_in_numbers_alone(one: str, other: str) -> bool:
    mine, yours = (_MARKS.sub("", normalise(title)).casefold() for title in (one, other))
    return mine != yours and _NUMBER.sub("0", mine) == _NUMBER.sub("0", yours)
