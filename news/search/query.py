"""What a query asks for: its words, each in all its forms, and the condition that a stored text must meet. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from news.search.synonyms import forms_in
from news.search.terms import folded, is_han, terms
from news.search.vector import quoted
from news.text import HAN, normalise

MOST_TERMS = 40  # of one word; nobody types more
QUOTES = '"“”「」『』'  # what stands between two of them is searched for just as it stands
QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|([^{QUOTES}]+)")
# What turns a search into a question, and no text need hold.
ASKING = re.compile(
    "请问|(?:有没有|有哪些|是什么|什么是|为什么|为何|如何|怎么样|怎么|怎样|哪些|哪个|哪种|哪家|什么|多少|是否|能不能|能否|可不可以)"
    "|[吗呢么](?=[?？。 ]|$)"
)
# What a whole word counts, what a bare bigram or part does, and the share of another form.
WORD, RUN, SYNONYM = 1.0, 0.5, 0.6


@dataclass(frozen=True)
class Asked:
    """One thing that is asked for: as typed, and what else it is called."""

    text: str
    is_phrase: bool = False  # it was quoted: just as it stands
    others: tuple[str, ...] = ()


def asked(query: str) -> list[Asked]:
    """The words of a query in their order; none where it holds nothing to search for."""
    found: list[Asked] = []
    for phrase, loose in QUOTED.findall(normalise(query)):
        found += [Asked(phrase, is_phrase=True)] if phrase else _loose_words(loose)
    return [word for word in found if terms(word.text).run]


def match(query: str) -> str:
    """A tsquery literal: every word must occur, what is quoted just as it stands; "" if there is no word."""
    return " & ".join(_clause(word) for word in asked(query))


def match_name(spellings: Iterable[str]) -> str:
    """A tsquery literal: one of these spellings, just as it stands; "" where none holds a word."""
    return " | ".join(_form(spelling, True) for spelling in spellings if terms(spelling).run)


def weights(query: str) -> dict[str, float]:
    """The terms by which texts are ranked, and how much each counts before its rarity is known."""
    counted: dict[str, float] = {}
    for word in asked(query):
        for form, share in [(word.text, 1.0), *((other, SYNONYM) for other in word.others)]:
            found = terms(form)
            for whole, _ in found.words[:MOST_TERMS]:
                counted[whole] = max(counted.get(whole, 0), WORD * share)
            for part, _ in found.run[:MOST_TERMS]:
                counted[part] = max(counted.get(part, 0), RUN * share)
    return dict(list(counted.items())[: 3 * MOST_TERMS])


def _loose_words(text: str) -> Iterator[Asked]:
    plain = ASKING.sub(" ", text)
    text = (plain if terms(plain).run else text).strip()  # folding keeps every place but the blanks at the ends
    at = 0
    for start, end, others in forms_in(text):
        yield from map(Asked, text[at:start].split())
        yield Asked(text[start:end], others=others)
        at = end
    yield from map(Asked, text[at:].split())


def _clause(word: Asked) -> str:
    own = _form(word.text, word.is_phrase)
    return f"({' | '.join([own, *(_form(other, True) for other in word.others)])})" if word.others else own


def _form(text: str, is_phrase: bool) -> str:
    found = [term for term, _ in terms(text).run[:MOST_TERMS]]
    if len(found) == 1 and len(found[0]) == 1 and is_han(found[0]):
        return f"{quoted(found[0])}:*"  # one character begins a bigram, or ends its run
    if is_phrase or not re.search(f"[{HAN}]", folded(text)):
        return f"({' <-> '.join(map(quoted, found))})"
    return f"({' & '.join(map(quoted, found))})"
