"""Names and figures of two like texts: whether they speak of the same thing. Pure.

A press release's frame with another product in it, or a daily column's with other figures, shares most of its words.
What a copy keeps, even reworded, are Latin names, figures, and the names in its own title.
"""

from __future__ import annotations

import re
from typing import Protocol

from news.stories.overlap import Told
from news.text import normalise, search_terms, simplified

LEAST = 3  # particulars; fewer prove nothing
DIFFER_SHARE = 0.5
TITLE_SHARE, TITLE_LEAST = 0.4, 3
_PARTICULAR = re.compile(r"\d+(?:[.,:]\d+)*|[a-z][a-z0-9+#-]*[a-z0-9+#]")


class Titled(Protocol):
    title: str
    text: str

    @property
    def told(self) -> Told: ...


def contradict(part: Titled, whole: Titled) -> bool:
    """Whether what `part` names is not what `whole` names, though they share their words."""
    return _figures_differ(part, whole) or _titles_name_others(part, whole)


def _figures_differ(part: Titled, whole: Titled) -> bool:
    own = particulars(part.text)
    missing = {one for one in own if one not in whole.told.letters and one not in particulars(whole.text)}
    return len(missing) >= LEAST and len(missing) > DIFFER_SHARE * len(own)


def particulars(text: str) -> frozenset[str]:
    """Figures and Latin names, folded; single digits are too common."""
    return frozenset(one for one in _PARTICULAR.findall(normalise(text).casefold()) if len(one) > 1)


def _titles_name_others(part: Titled, whole: Titled) -> bool:
    """Whether each title names what its own text repeats and the other text never says."""
    return _names_alone(part, whole) and _names_alone(whole, part)


def _names_alone(one: Titled, other: Titled) -> bool:
    terms = {
        term for term in search_terms(simplified(one.title)) if len(term) > 1 and not re.fullmatch(r"[\d.]+", term)
    }
    own = {term for term in terms if term in one.told.letters}
    alone = {term for term in own if term not in other.told.letters}
    return len(alone) >= TITLE_LEAST and len(alone) >= TITLE_SHARE * len(own)
