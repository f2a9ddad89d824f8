"""Puts items into the search index: `Item.search`, a tsvector of Chinese bigrams and whole words.

PostgreSQL takes a Chinese sentence for one word, so the terms are ours (`news/text.py`) and the vector is written out.
Whoever saves an item calls `index` after it: explicitly, so that nothing happens behind a save.
"""

from collections.abc import Iterable, Iterator

from django.contrib.postgres.search import SearchVectorField
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from digest.briefings.markdown import plain
from digest.briefings.models import Item
from news.text import search_terms

TERM_LENGTH = 64  # PostgreSQL refuses words over 2 KB; nobody types more than this
LAST_POSITION = 16_383  # PostgreSQL counts no further
GAP = 10  # between headline, text and source, so that no phrase reaches over


def index(items: Iterable[Item]) -> int:
    """Write the search terms of these items, saved before; returns how many. Raises nothing for any text."""
    count = 0
    for item in items:
        vector = Cast(Value(vector_of(item), TextField()), SearchVectorField())
        count += Item.objects.filter(pk=item.pk).update(search=vector)
    return count


def vector_of(item: Item) -> str:
    """The item as a tsvector literal: the headline weighs A, the text B, the source C."""
    parts = [(item.headline, "A"), (plain(item.text), "B"), (item.source_name, "C")]
    lexemes: dict[str, list[str]] = {}
    start = 1
    for text, weight in parts:
        terms = search_terms(text)
        for term, offset in _placed(terms):
            position = min(start + offset, LAST_POSITION)
            lexemes.setdefault(term[:TERM_LENGTH], []).append(f"{position}{weight}")
        start += len(terms) + GAP
    return " ".join(f"{quoted(term)}:{','.join(places)}" for term, places in lexemes.items())


def quoted(term: str) -> str:
    """The term as PostgreSQL reads it in a tsvector or tsquery literal."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _placed(terms: list[str]) -> Iterator[tuple[str, int]]:
    """Every term with its place; a run's last character also by itself, which no bigram begins with."""
    for place, term in enumerate(terms):
        yield term, place
        following = terms[place + 1] if place + 1 < len(terms) else ""
        if is_bigram(term) and not following.startswith(term[1]):
            yield term[1], place


def is_bigram(term: str) -> bool:
    return len(term) == 2 and term[0] >= "\u3400" and term[1] >= "\u3400"
