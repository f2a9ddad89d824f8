"""Items that have the words of a query, best first; where none has all of them, those that have most of their worth."""

import math

from django.contrib.postgres.fields import ArrayField
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from digest.briefings.models import Item
from news.search import QUOTES, match
from news.search.rank import best, worths
from news.search.vector import quoted

MOST = 500
LOOSE = 50  # so many are looked at closely where no item has all words
SHARE = 0.25  # of the query's worth must be in an item that lacks some of its words
SOUGHT = 12  # by these terms, the rarest of a query, loose hits are looked for


def by_words(rows: "QuerySet[Item]", query: str) -> tuple[list[int], bool]:
    """Keys of the items, best first, and whether they lack some of the words. Quotes mean what they say."""
    wanted = match(query)
    if not wanted:
        return [], False
    if strict := best(rows, wanted, query, MOST):
        return [pk for pk, _ in strict], False
    loose = [] if set(QUOTES) & set(query) else _loose(rows, query)
    return loose, bool(loose)


def _loose(rows: "QuerySet[Item]", query: str) -> list[int]:
    worth = worths(Item, query)
    rarest = sorted(worth, key=lambda term: -worth[term])[:SOUGHT]
    found = best(rows, " | ".join(map(quoted, rarest)), query, LOOSE)
    has = _terms_of([pk for pk, _ in found], list(worth))
    needed = SHARE * sum(worth.values())
    return [pk for pk, _ in found if math.fsum(worth[term] for term in has.get(pk, [])) >= needed]


def _terms_of(items: list[int], terms: list[str]) -> dict[int, list[str]]:
    """Which of the terms stand in which item."""
    inside = RawSQL(
        "ARRAY(SELECT lexeme FROM unnest(briefings_item.search) WHERE lexeme = ANY(%s))",
        [terms],
        output_field=ArrayField(TextField()),
    )
    found = Item.objects.filter(pk__in=items).annotate(inside=inside)
    return dict(found.values_list("pk", "inside"))
