"""Nearest stored vectors of the model that serves: by an index once there are many, by looking at all before.

The index (`near_index.py`) is HNSW over the vectors in half precision; what it names is put in order by the exact
cosine. It is approximate: on 100,000 vectors that lie as e5's do it names 97 to 99 % of the ten and of the fifty that
are truly nearest, at the `SEARCH` below. Without an index, and inside a short span of time, the answer is exact.
`make bench-scale` measures both.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast, Coalesce
from pgvector.django import CosineDistance, HalfVectorField

from news.embed.serving import serving_revision
from news.models import Article, Embedding

SEARCH = 6  # candidates of the index that are looked at, for each one wanted
LEAST_SEARCH, MOST_SEARCH = 200, 1_000  # hnsw.ef_search ends at 1,000
Span = tuple[datetime | None, datetime | None]


def nearest(
    vector: np.ndarray, limit: int, *, moments: Span | None = None, exclude: Collection[str] = (), model: str = ""
) -> list[tuple[str, float]]:
    """The text hashes of the stored vectors nearest to `vector`, each with its exact cosine, best first.

    `vector` is of the serving model (or of `model`, a name@revision), length one. `moments` asks only for texts of
    articles that were published (or found) from the first to the second moment, both included, None an open end;
    `exclude` names text hashes to leave out. Vectors of topics' examples and other texts are among the answers
    unless `moments` is given. At most `MOST_SEARCH` come.
    """
    rows = Embedding.objects.filter(model=model or serving_revision())
    if exclude:
        rows = rows.exclude(text_hash__in=set(exclude))
    if moments:
        rows = rows.filter(Exists(_articles_of(moments)))
    effort = min(max(SEARCH * limit, LEAST_SEARCH), MOST_SEARCH)
    with transaction.atomic():
        _look_hard(effort, is_filtered=bool(exclude or moments))
        return _exactly(_roughly(rows, vector, effort), vector, limit)


def halves(dimension: int) -> Cast:
    """The expression that is indexed and ordered by: of a vector of so many numbers, in half precision."""
    return Cast(F("vector"), HalfVectorField(dimensions=dimension))


def _articles_of(moments: Span) -> QuerySet[Article]:
    first, last = moments
    rows = Article.objects.filter(text_hash=OuterRef("text_hash")).annotate(
        moment=Coalesce("published_at", "created_at", output_field=DateTimeField())
    )
    rows = rows.filter(moment__gte=first) if first else rows
    return rows.filter(moment__lte=last) if last else rows


def _look_hard(effort: int, *, is_filtered: bool) -> None:
    """For this transaction: how many candidates the index gathers, and that it goes on where a filter takes many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hnsw.ef_search', %s, true)", [str(effort)])
        if is_filtered:
            cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")


def _roughly(rows: QuerySet[Embedding], vector: np.ndarray, count: int) -> QuerySet[Embedding]:
    return rows.order_by(CosineDistance(halves(len(vector)), vector))[:count]


def _exactly(rows: QuerySet[Embedding], vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
    found = Embedding.objects.filter(pk__in=rows.values("pk")).annotate(distance=CosineDistance("vector", vector))
    ordered = found.order_by("distance", "pk").values_list("text_hash", "distance")[:limit]
    return [(text_hash, 1 - distance) for text_hash, distance in ordered]
