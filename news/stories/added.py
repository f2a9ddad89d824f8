"""What a text adds over what was told before: the sentences whose numbers, names and words are new. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from news.text import Sentence, normalise, sentences, shingles, simplified

MOST = 3
SHORTEST = 10  # letters; less says next to nothing
LONGEST = 200  # letters; more is a list or a table that was not cut
NEW_WORDS = 0.6  # of a sentence's 3-character runs; a retold sentence keeps more than that
NEW_BY_WORDS_ALONE = 0.85
SIZE = 3

_FACT = re.compile(
    r"[a-z][a-z0-9.+#-]*[a-z0-9+#]|《[^《》\n]{1,60}》"  # names first: the 15 of Hailo-15 is no number
    r"|\d+(?:[.,:]\d+)*%?|[零一二三四五六七八九十百千万亿两]{2,}"
)


@dataclass(frozen=True)
class _Known:
    words: frozenset[str]
    facts: frozenset[str]


def added(text: str, before: Iterable[str], most: int = MOST) -> list[Sentence]:
    """The sentences of `text` that say most of what none of `before` says, at most `most`, in the text's order.

    A sentence counts when most of its words are new and it brings a number or a name that was not there, or when
    nearly all of its words are new. Of a text before which nothing was told this is no question: none is given.
    """
    known = _known(before)
    if not known.words:
        return []
    weighed = [(_weight(sentence.text, known), sentence) for sentence in sentences(text)]
    chosen = sorted((pair for pair in weighed if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].start))[:most]
    return sorted((sentence for _weight, sentence in chosen), key=lambda sentence: sentence.start)


def facts(text: str) -> frozenset[str]:
    """The numbers, Latin names and titles in 《》 that a text names, in one spelling each."""
    plain = simplified(normalise(text)).casefold()
    return frozenset(fact.replace(",", "") for fact in _FACT.findall(plain))


def _known(before: Iterable[str]) -> _Known:
    words: set[str] = set()
    told: set[str] = set()
    for text in before:
        words |= _words(text)
        told |= facts(text)
    return _Known(frozenset(words), frozenset(told))


def _words(text: str) -> frozenset[str]:
    return shingles(simplified(text), SIZE)


def _weight(sentence: str, known: _Known) -> float:
    """How much is new, 0 where it is too little: the new facts, and the share of new words."""
    words = _words(sentence)
    if not SHORTEST <= len(words) + SIZE - 1 <= LONGEST:
        return 0.0
    fresh = len(words - known.words) / len(words)
    news = len(facts(sentence) - known.facts)
    if (fresh >= NEW_WORDS and news) or fresh >= NEW_BY_WORDS_ALONE:
        return fresh + news
    return 0.0
