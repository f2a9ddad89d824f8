"""What a judge reads of one article: the head of its text, its words, names, numbers, dates and works. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from news.text import normalise, simplified

HEAD = 150
"""Characters of an article that are read for telling events apart; a title alone is a head too."""

NAMES = ("nr", "ns", "nt", "nz", "eng")  # rjieba's tags of persons, places, bodies, other proper nouns, Latin words
_NUMBER = re.compile(r"\d+(?:[.:\-]\d+)*%?")
_DAY = re.compile(r"(?:(\d{1,2})\s*月)?\s*(\d{1,2})\s*[日号]")
_WORK = re.compile(r"[《「“#【](.{1,20}?)[》」”#】]")
_LETTER = re.compile(r"\w")


@dataclass(frozen=True)
class Reading:
    """One head, taken apart."""

    text: str
    letters: str
    words: frozenset[str]
    names: frozenset[str]
    verbs: frozenset[str]
    pairs: frozenset[str]
    triples: frozenset[str]
    numbers: frozenset[str]
    days: frozenset[str]
    works: frozenset[str]


def read(title: str, text: str = "") -> Reading:
    """The head of an article: its title and as much of its text as fits behind it."""
    text = simplified(normalise(head(title, text))).casefold()
    letters = "".join(_LETTER.findall(text))
    tagged = _tagged(text)
    return Reading(
        text=text,
        letters=letters,
        words=frozenset(word for word, _tag in tagged),
        names=frozenset(word for word, tag in tagged if tag.startswith(NAMES) and len(word) > 1),
        verbs=frozenset(word for word, tag in tagged if tag.startswith(("v", "a")) and len(word) > 1),
        pairs=_runs(letters, 2),
        triples=_runs(letters, 3),
        numbers=frozenset(_NUMBER.findall(text)),
        days=frozenset(f"{month or '?'}-{day}" for month, day in _DAY.findall(text)),
        works=frozenset(_WORK.findall(text)),
    )


def head(title: str, text: str = "") -> str:
    """The first HEAD characters of an article, title first."""
    return f"{title.strip()} {text.strip()[:HEAD]}".strip()[:HEAD]


def _tagged(text: str) -> list[tuple[str, str]]:
    import rjieba

    return [(word, tag) for word, tag in rjieba.tag(text) if _LETTER.search(word)]


def _runs(letters: str, size: int) -> frozenset[str]:
    return frozenset(letters[start : start + size] for start in range(max(1, len(letters) - size + 1)))
