"""How well a text fits a query: each term by its rarity, its first places most, the title before the text.

PostgreSQL's own rank knows no rarity. It does saturate the count of a term (1 + 1/4 + 1/9 …) and weighs title and text,
as BM25F does, so we ask it for one rank a group of terms of like worth and add these up: the sum is what BM25 without a
length comes to, at the cost of unpacking each vector a few times instead of once a term.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import reduce
from operator import add
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQueryField, SearchRank
from django.db import connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from news.search.query import match, weights
from news.search.vector import quoted

Rows = TypeVar("Rows", bound=QuerySet[Any])

PLACES = [0.0, 0.3, 0.35, 1.0]  # D, C source, B text, A title
STEP = 1.6  # terms whose worth differs by less than this are one group
CANDIDATES = 1_000  # of more that match, the newest are ranked
COUNTED = 500  # a term is counted up to here
SMALL = 50_000  # rows of a table in which terms may be counted; in a larger one PostgreSQL's statistics must do


def find(rows: Rows, query: str) -> Rows:
    """Those rows whose `search` column matches the query, best first; none for a query without a word."""
    wanted = match(query)
    if not wanted:
        return rows.none()
    return hits(rows, wanted).annotate(rank=relevance(rows.model, query)).order_by("-rank", "-pk")


def ranked(rows: QuerySet[Any], query: str, limit: int = 500) -> list[tuple[int, float]]:
    """(pk, relevance) of the best; of more than CANDIDATES matches the newest. Bounded work in a table of any size."""
    wanted = match(query)
    return best(rows, wanted, query, limit) if wanted else []


def best(rows: QuerySet[Any], wanted: str, query: str, limit: int) -> list[tuple[int, float]]:
    """The same for a condition of the caller's own."""
    newest = hits(rows, wanted).order_by("-pk").values("pk")[:CANDIDATES]
    scored = rows.model._default_manager.filter(pk__in=newest).annotate(rank=relevance(rows.model, query))
    return list(scored.order_by("-rank", "-pk").values_list("pk", "rank")[:limit])


def hits(rows: Rows, wanted: str) -> Rows:
    """Those rows that meet a tsquery literal."""
    query = tsquery(wanted)
    return rows.filter(
        Func(F("search"), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())
    )


def tsquery(literal: str) -> Cast:
    return Cast(Value(literal, TextField()), SearchQueryField())


def relevance(model: type[Model], query: str) -> Combinable:
    """An expression: how well a row's `search` fits the query; comparable within one query only."""
    groups: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for term, worth in worths(model, query).items():
        groups[round(math.log(worth, STEP))].append((term, worth))
    ranks = [
        SearchRank(F("search"), tsquery(" | ".join(quoted(term) for term, _ in group)), weights=PLACES)
        * Value(sum(worth for _, worth in group))  # PostgreSQL divides by the number of terms
        for group in groups.values()
    ]
    return reduce(add, ranks) if ranks else Value(0.0)


def worths(model: type[Model], query: str) -> dict[str, float]:
    """What each term of the query counts, with its rarity among the model's rows."""
    counted = weights(query)
    rows, frequencies = _frequencies(model, list(counted))
    return {term: weight * _rarity(frequencies[term], rows) for term, weight in counted.items()}


def _rarity(count: float, rows: float) -> float:
    return math.log(1 + (rows - count + 0.5) / (count + 0.5))


def _frequencies(model: type[Model], terms: list[str]) -> tuple[float, dict[str, float]]:
    """How many rows there are, and in how many each term stands: by PostgreSQL's statistics, or counted."""
    table = model._meta.db_table
    rows, common = _statistics(table)
    unknown = [term for term in terms if term not in common]
    known = {term: share * rows for term, share in common.items() if term in set(terms)}
    if unknown and rows <= SMALL:
        known |= _count(table, unknown)
        return max(rows, 10.0, *known.values()), known
    rare = min(common.values(), default=0.01) * rows / 4
    return rows, known | dict.fromkeys(unknown, rare)


def _statistics(table: str) -> tuple[float, dict[str, float]]:
    """About how many rows, and the share of those with each of the commonest terms, as of the last ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(c.reltuples, 0), s.most_common_elems::text::text[], s.most_common_elem_freqs"
            " FROM pg_class c LEFT JOIN pg_stats s ON s.schemaname = c.relnamespace::regnamespace::text"
            " AND s.tablename = c.relname AND s.attname = 'search' WHERE c.oid = %s::regclass",
            [table],
        )
        rows, elements, shares = cursor.fetchone()
    return float(rows), dict(zip(elements or [], shares or [], strict=False))


def _count(table: str, terms: list[str]) -> dict[str, float]:
    name = connection.ops.quote_name(table)
    one = f"(SELECT count(*) FROM (SELECT 1 FROM {name} WHERE search @@ %s::tsquery LIMIT {COUNTED}) AS found)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(terms))}", [quoted(term) for term in terms])
        return dict(zip(terms, map(float, cursor.fetchone()), strict=True))
