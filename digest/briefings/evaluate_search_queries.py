"""Queries made of documents by rule, each of which ought to find its document again (known-item search).

Three ways of asking: the title as somebody remembers it (words left out, in another order, another word for the same,
now and then in traditional or full-width characters), the rarest name that the document holds, and a question about its
rarest words. The same documents give the same queries.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.briefings.evaluate_search_shelf import Document
from news.search.synonyms import forms_in
from news.search.terms import WHOLE, folded, terms

KEPT = 0.65  # of a title's words
QUESTIONS = ("{}是怎么做的", "有没有关于{}的消息", "{}怎么样", "什么是{}", "如何看待{}")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9.-]*[A-Z])[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*(?![A-Za-z0-9])")
MOST_HOLD = 5  # a name in more documents than this asks for no single one
ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Query:
    text: str
    relevant: frozenset[str]  # keys of documents
    way: str  # title, name, question; or own: written by a person


def made(documents: Sequence[Document]) -> Iterator[Query]:
    """At most one query a way and document; none where a document gives none (no name, no title of words)."""
    counts = Counter(word for document in documents for word in set(_words(f"{document.title} {document.text}")))
    holds = Counter(name for document in documents for name in set(_names(document)))
    for document in documents:
        dice = random.Random(document.key)  # noqa: S311 - nothing secret
        asked = {
            "title": _remembered(document, dice),
            "name": _named(document, holds),
            "question": _question(document, counts, dice),
        }
        yield from (Query(text, frozenset([document.key]), way) for way, text in asked.items() if text)


def _remembered(document: Document, dice: random.Random) -> str:
    words = list(dict.fromkeys(_words(document.title)))
    if len(words) < 3:
        return ""
    kept = dice.sample(words, max(2, round(KEPT * len(words))))[:6]
    said = [_another(word) if dice.random() < 0.5 else word for word in kept]
    return _in_other_letters(" ".join(said), dice)


def _another(word: str) -> str:
    """Another word for the same, where our list knows one."""
    return next((others[0] for start, end, others in forms_in(word) if end - start == len(word)), word)


def _in_other_letters(text: str, dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.15:
        from opencc import OpenCC

        return OpenCC("s2t").convert(text)
    return text.translate(WIDE) if chance < 0.3 else text


def _named(document: Document, holds: Counter[str]) -> str:
    names = [name for name in dict.fromkeys(_names(document)) if holds[name] <= MOST_HOLD]
    return min(names, key=lambda name: holds[name], default="")


def _names(document: Document) -> list[str]:
    text = ADDRESS.sub(" ", f"{document.title} {document.text}")
    return [name for name in NAME.findall(text) if len(name) > 3 and (not name.isalpha() or not name.istitle())]


def _question(document: Document, counts: Counter[str], dice: random.Random) -> str:
    words = list(dict.fromkeys(_words(document.title)))
    rare = sorted(words, key=lambda word: counts[word])[:2]
    if len(rare) < 2:
        return ""
    return dice.choice(QUESTIONS).format("".join(word for word in words if word in rare))


def _words(text: str) -> list[str]:
    """Whole words of two characters or more, in their order; of a word and its parts, the parts."""
    found = [word.removeprefix(WHOLE) for word, _ in terms(ADDRESS.sub(" ", folded(text))).words]
    return [word for word in found if len(word) > 1 and not word.isdigit()]
