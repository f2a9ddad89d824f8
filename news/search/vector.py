"""What is stored: a text's terms as the literal of a tsvector, the title before the text before the source's name."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from news.search.terms import Terms, is_han, terms

VERSION = 2
"""Raise it when the terms change: what was indexed under a lower one is written anew in the background."""

LAST_POSITION = 16_383  # PostgreSQL counts no further
INDEXED_CHARACTERS = 30_000  # a tsvector may hold one MiB
GAP = 10  # between the parts, so that no phrase reaches over


def vector_for(title: str, text: str, source: str = "") -> Cast:
    """What a `search` column is set to: the terms of these texts as a tsvector."""
    return Cast(Value(terms_for(title, text, source), TextField()), SearchVectorField())


def terms_for(title: str, text: str, source: str = "") -> str:
    """A tsvector literal: the title weighs A, the text B, the source's name C."""
    lexemes: dict[str, list[str]] = {}
    start = 1
    for part, weight in ((title, "A"), (text[:INDEXED_CHARACTERS], "B"), (source, "C")):
        found = terms(part)
        for term, place in [*_placed(found), *found.words]:
            lexemes.setdefault(term, []).append(f"{min(start + place, LAST_POSITION)}{weight}")
        start += found.length + GAP
    return " ".join(f"{quoted(term)}:{','.join(places)}" for term, places in lexemes.items())


def quoted(term: str) -> str:
    """A term as it stands in the literal of a tsvector or a tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _placed(found: Terms) -> list[tuple[str, int]]:
    """Every term with its place; a Han run's last character also by itself, as no bigram begins with it."""
    placed = list(found.run)
    for (term, place), following in zip(found.run, [*found.run[1:], ("", 0)], strict=False):
        if len(term) == 2 and is_han(term) and not following[0].startswith(term[1]):
            placed.append((term[1], place))
    return placed
