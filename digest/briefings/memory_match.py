"""Whether something tells what a printed item told: of two tellings. Pure.

From certain to likely:

1. **Copy**: three fifths of the item's digest stand in the text, word for word. At any distance in time: an article
   that comes back two years later is not news. Digests of fewer than 60 letters prove nothing.
2. **Same**: judged one event as stories are (news/stories/likely.py), within the same eight days. Or the same title,
   its numbers too, about the same matter, at any distance: a repository or a course that is recommended again.
3. **Follow-up**: nearly alike, with terms of the title in common, at most 90 days apart, and not the same. It does not
   keep an article out of an issue; it only says what was printed before.

Neither 2 nor 3 where each title names a product, a model or a firm that the other's text never says: one account's
columns on small detectors are alike in all but that. Measured on 204 labelled items of two dailies, told on different
days (the follow-up line was chosen while looking at them): 42 of 42 repeats found, 1 of 6 follow-ups taken for a
repeat, no other pair; of 7 pairs called follow-ups 2 were labelled so. In 28 real weekly issues, 232 items: no repeat
and two follow-ups, both doubtful.

False positives hide news from an issue, misses print it twice: so editors see every reason and can say "not the same",
and nothing is hidden from the list of candidates.

Known failures: a monthly column whose title has no number is taken for its last one; two launches of one firm in one
week may be taken for one event, as in stories; a follow-up under a wholly new title, or one whose title names something
new where the first title did too, is missed; news of one firm may be called a follow-up of its last news.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from digest.briefings.models import ReportedKind
from news.embed import Calibration
from news.stories.judge import Telling, title_share
from news.stories.likely import likely
from news.text import normalise, shingles, simplified

COPY_SHARE = 0.6
COPY_SHINGLES = 60
LIKELY = 0.5
SAME_TITLE_SHARE = 0.9
FOLLOW_UP_DAYS = 90
FOLLOW_UP_TITLE_SHARE = 0.15
FOLLOW_UP_PLACE = 0.6  # between the encoder's `candidate` and its `same_event`: .93 with the bundled one
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(r"[a-z][a-z0-9.+-]*[a-z0-9+]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Match:
    kind: ReportedKind
    score: float
    why: str


def compare(new: Telling, printed: Telling, calibration: Calibration | None) -> Match | None:
    """How `new` repeats or follows what was printed; None where it does not."""
    share = copied(printed.text, new.text)
    if share >= COPY_SHARE:
        return Match(ReportedKind.COPY, share, f"{share:.0%}")
    if calibration is None:
        return None
    cosine, titles = float(new.vector @ printed.vector), title_share(new.title, printed.title)
    apart = _apart(new, printed)
    line = calibration.candidate + FOLLOW_UP_PLACE * (calibration.same_event - calibration.candidate)
    why = f"{cosine:.3f} / {titles:.0%}"
    same_title = titles >= SAME_TITLE_SHARE and _numbers(new.title) == _numbers(printed.title)
    if cosine < calibration.candidate or name_others(new, printed):
        return None
    likelihood = float(likely(new, [printed], calibration)[0])
    if likelihood >= LIKELY:
        return Match(ReportedKind.SAME, likelihood, why)
    if same_title and cosine >= line:
        return Match(ReportedKind.SAME, cosine, why)
    if cosine >= line and titles >= FOLLOW_UP_TITLE_SHARE and apart <= timedelta(days=FOLLOW_UP_DAYS):
        return Match(ReportedKind.FOLLOW_UP, cosine, why)
    return None


def copied(digest: str, text: str) -> float:
    """The share of the digest that stands in the text word for word; 0 where the digest is too short to tell."""
    part = shingles(simplified(digest))
    if len(part) < COPY_SHINGLES:
        return 0.0
    return len(part & shingles(simplified(text))) / len(part)


def name_others(one: Telling, other: Telling) -> bool:
    """Whether each title has Latin names that the other's text lacks. Of Han titles: elsewhere every word is one."""
    return _names_alone(one, other) and _names_alone(other, one)


def _names_alone(one: Telling, other: Telling) -> bool:
    """Whether `one` names in its title something new to `other`, and all that is not in both titles is new to it."""
    own = _names(one.title) - _names(other.title)
    return bool(_HAN.search(one.title) and own) and own.isdisjoint(_names(other.text))


def _names(text: str) -> set[str]:
    return {name for name in _NAME.findall(normalise(text).casefold()) if len(name) >= SHORTEST_NAME}


def _apart(new: Telling, printed: Telling) -> timedelta:
    if new.moment is None or printed.moment is None:
        return timedelta.max
    return abs(new.moment - printed.moment)


def _numbers(title: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(normalise(title)))
