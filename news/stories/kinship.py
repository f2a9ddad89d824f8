"""Says what one text is to another: its copy, a piece of it, the fuller text, a rewrite, or nothing. Pure: text alone.

| kind    | of an article to one that came before it                                             | hidden |
|---------|--------------------------------------------------------------------------------------|--------|
| copy    | 55 % of its letters stand in the other, 60 % between the first and the last that do   | yes    |
| excerpt | the same, and it tells less than half of the other                                    | yes    |
| fuller  | the other is an excerpt of it, and came first: hiding the whole would lose news        | no     |
| rewrite | told sentence for sentence in other words: half of them have a counterpart, in order   | no     |
| none    | anything else, however near in meaning                                               | no     |

What keeps articles apart that share many words: names and figures that differ (a press release's frame with another
product), and, within one account, sentences at the beginning and end that stand in both (its footer) while what lies
between does not; one account's texts must share more, or have like titles.

A false copy hides news, a missed one shows it twice: so each rule leans to `none`. Known failures: a rewrite by a
machine that keeps neither words nor order is none; an article whose greater part quotes another's statement is a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import numpy as np

from news.stories.judge import title_share
from news.stories.overlap import NOTHING, Told, covered
from news.stories.particulars import contradict
from news.stories.retelling import alike, retold

COPY_SHARE = 0.55  # of the copy's letters, a reprinter's own head and foot included
CORE_SHARE = 0.6  # between the first and the last letter that stand in the other
COPY_LETTERS = 60  # below, texts are alike by chance, and their titles must be alike too
LIKE_TITLES = 0.3
SAME_ACCOUNT_SHARE = 0.85  # one account's columns have frames
OWN_LETTERS = 20  # of its own between an account's frame: another article
OWN_LETTERS_UNLIKE = 4  # the same, under another title
EXCERPT_SHARE = 0.5
WHOLE, FULLER_SHARE = 0.85, 0.6  # what holds all of the other, and adds two fifths of its own, is the fuller text


class Kind(StrEnum):
    COPY = "copy"
    EXCERPT = "excerpt"
    FULLER = "fuller"
    REWRITE = "rewrite"
    NONE = "none"


class Text(Protocol):
    """What of an article is looked at; a row of the database fits."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def account(self) -> str: ...


@dataclass(frozen=True)
class Kinship:
    """What an article is to an earlier one. `share` of its letters stand there; `why` holds codes of `wording.py`."""

    kind: Kind
    share: float
    why: tuple[str, ...] = ()

    @property
    def hides(self) -> bool:
        """Whether a reader who has the earlier one needs this one not."""
        return self.kind in (Kind.COPY, Kind.EXCERPT)


UNRELATED = Kinship(Kind.NONE, 0.0)


class Prepared:
    """An article ready for many comparisons; `frame`: shingles, sorted, that an account repeats; they do not count."""

    def __init__(self, article: Text, frame: np.ndarray = NOTHING) -> None:
        self.title = article.title
        self.text = article.text
        self.account = article.account
        self.told = Told.of(article.text, frame)

    @cached_property
    def is_traditional(self) -> bool:
        return self.told.traditional > 0.02  # of its characters; simplified texts have next to none


def kinship(article: Text, other: Text) -> Kinship:
    """What `article` is to `other`, which came before it."""
    return kinship_of(Prepared(article), Prepared(other))


def kinship_of(one: Prepared, other: Prepared) -> Kinship:
    """The same, of texts that are compared with many."""
    here, there = covered(one.told, other.told), covered(other.told, one.told)
    share = float(here.mean()) if len(here) else 0.0
    back = float(there.mean()) if len(there) else 0.0
    if _is_told_in(one, other, here, share) and (share >= FULLER_SHARE or back < WHOLE):
        kind = Kind.EXCERPT if back < EXCERPT_SHARE else Kind.COPY
        return Kinship(kind, share, _changes(one, other, here, back))
    if _is_told_in(other, one, there, back):
        return Kinship(Kind.FULLER, share)
    if not _is_one_account(one, other) and retold(one.told, other.told) and not contradict(one, other):
        return Kinship(Kind.REWRITE, share)
    return Kinship(Kind.NONE, share)


def _is_told_in(part: Prepared, whole: Prepared, here: np.ndarray, share: float) -> bool:
    """Whether nearly all that `part` tells stands in `whole`; `here`: which of its letters do."""
    core = _core(here)
    if share < COPY_SHARE or not len(core) or core.mean() < CORE_SHARE:
        return False
    if len(core) < COPY_LETTERS and title_share(part.title, whole.title) < LIKE_TITLES:
        return False
    if _is_one_account(part, whole) and not _same_by_account(part, whole, share):
        return False
    return not contradict(part, whole)


def _is_one_account(one: Prepared, other: Prepared) -> bool:
    return bool(one.account) and one.account == other.account


def _core(here: np.ndarray) -> np.ndarray:
    """From the first letter that stands in the other to the last: what a reprinter put around it is left out."""
    places = np.flatnonzero(here)
    return here[places[0] : places[-1] + 1] if len(places) else here[:0]


def _same_by_account(part: Prepared, whole: Prepared, share: float) -> bool:
    """A second look at two articles of one account: columns have frames, and frames may be longer than the news."""
    like = title_share(part.title, whole.title) >= LIKE_TITLES
    if share < SAME_ACCOUNT_SHARE and not like:
        return False
    return not _tells_between_frames(part.told, whole.told, OWN_LETTERS if like else OWN_LETTERS_UNLIKE)


def _tells_between_frames(one: Told, other: Told, least: int) -> bool:
    """Whether each has `least` letters of its own between beginnings and endings that are equal to the sentence."""
    mine, yours = list(one.sentences), list(other.sentences)
    for end in (-1, 0):
        while mine and yours and mine[end] == yours[end]:
            mine.pop(end)
            yours.pop(end)
    own, others = Told.from_sentences(mine), Told.from_sentences(yours)
    if min(len(own.letters), len(others.letters)) < least:
        return False
    return float(covered(own, others).mean()) < CORE_SHARE and not alike(own.letters, others.letters)


def _changes(one: Prepared, other: Prepared, here: np.ndarray, back: float) -> tuple[str, ...]:
    """What the copy does otherwise, as codes; `back`: how much of the original stands in it."""
    core = _core(here)
    found = {
        "cut": back < 0.85,
        "framed": len(here) - len(core) >= OWN_LETTERS,
        "retitled": title_share(one.title, other.title) < 0.7,
        "reworded": float(core.mean()) < 0.93,
        "reordered": one.told.is_reordered(other.told),
        "script": one.is_traditional != other.is_traditional,
    }
    return tuple(code for code, so in found.items() if so)
