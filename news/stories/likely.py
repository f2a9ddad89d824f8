"""How likely each two of some tellings tell one event: the judge's word, less with every day between them.

On the judge's logit scale, a day takes 0.1, and 2 are added where both cite the very same page, which is strong
evidence and no proof: one page of short news may hold six events. More than eight days apart, two tellings say nothing
about each other: a story goes on only from one to the next.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from math import exp, log
from urllib.parse import urlsplit

import numpy as np

from news.embed import Calibration
from news.stories.judge import Formula, Telling
from news.stories.judge_in_use import learned

STORY_DAYS = 8
DAY_COST = 0.1  # logit
SAME_PAGE = 2.0  # logit
NEVER = 1e-4
REMEMBERED = 50_000  # pairs, some ten megabytes
PAGE_NAME = 6  # characters of an address's last part; shorter ones are sections: /news, /blog

_words: OrderedDict[tuple[object, ...], float] = OrderedDict()


def likelihoods(tellings: Sequence[Telling], calibration: Calibration) -> np.ndarray:
    """Symmetric, float [n, n], 0..1; the diagonal is 1."""
    found = np.eye(len(tellings))
    for row in range(len(tellings) - 1):
        found[row, row + 1 :] = found[row + 1 :, row] = likely(tellings[row], tellings[row + 1 :], calibration)
    return found


def likely(one: Telling, others: Sequence[Telling], calibration: Calibration) -> np.ndarray:
    """How likely `one` tells the same event as each of the others."""
    found = np.zeros(len(others))
    if not others:
        return found
    cosines = np.stack([other.vector for other in others]) @ one.vector
    alike = [int(place) for place in np.flatnonzero(cosines >= calibration.candidate)]
    near = [place for place in alike if _in_days(one, others[place])]
    for place, judged in zip(near, _judged(one, [others[place] for place in near], calibration), strict=True):
        found[place] = _corrected(judged, one, others[place])
    return found


def _in_days(one: Telling, other: Telling) -> bool:
    return _days(one, other) <= STORY_DAYS


def _days(one: Telling, other: Telling) -> float:
    return abs(one.moment - other.moment) / timedelta(days=1) if one.moment and other.moment else 0.0


def _judged(one: Telling, others: Sequence[Telling], calibration: Calibration) -> list[float]:
    """The judge's word on each pair; remembered, for a story's members are gathered anew with each that joins them."""
    judging = learned() or Formula(calibration)
    who = calibration if isinstance(judging, Formula) else judging
    keys = [(who, *sorted((_told(one), _told(other)))) for other in others]
    missing = [place for place, key in enumerate(keys) if key not in _words]
    for place, said in zip(missing, judging.judge_many(one, [others[place] for place in missing]), strict=True):
        _words[keys[place]] = said.likelihood
    found = [_words[key] for key in keys]
    while len(_words) > REMEMBERED:
        _words.popitem(last=False)
    return found


def _told(telling: Telling) -> tuple[int, ...]:
    return hash(telling.title), hash(telling.text), hash(telling.vector.tobytes())


def _corrected(judged: float, one: Telling, other: Telling) -> float:
    sure = min(max(judged, NEVER), 1 - NEVER)
    return _even(log(sure / (1 - sure)) - DAY_COST * _days(one, other) + SAME_PAGE * _cite_one_page(one, other))


def _even(logit: float) -> float:
    return 1 / (1 + exp(-max(-50.0, min(50.0, logit))))


def _cite_one_page(one: Telling, other: Telling) -> bool:
    name = urlsplit(one.url).path.rstrip("/").split("/")[-1]
    return one.url == other.url and len(name) >= PAGE_NAME
