"""Fetches what was told around an article's time: by an index, so that the archive's size is no matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import DateTimeField, QuerySet
from django.db.models.functions import Coalesce
from pgvector.django import CosineDistance

from news.embed import article_text
from news.embed.serving import serving_revision
from news.embed.stored import stored_vectors
from news.models import Article, Embedding
from news.stories.judge import Telling

MOMENT = Coalesce("published_at", "created_at", output_field=DateTimeField())
LEFT_OUT = ("html", "search", "error")  # long, and of no use here


@dataclass(frozen=True)
class Near:
    """An article that was placed before, what it tells, and its cosine to the one in hand."""

    article: Article
    telling: Telling
    cosine: float


def moment_of(article: Article) -> datetime:
    """When it was told: published, or where that is not known, found."""
    return article.published_at or article.created_at


def around(
    article: Article, vector: np.ndarray, *, before: timedelta, after: timedelta, candidate: float, limit: int
) -> list[Near]:
    """Placed articles of those days, copies left out, whose cosine is at least `candidate`; the nearest first."""
    placed = _placed(article, moment_of(article) - before, moment_of(article) + after)
    rows = (
        Embedding.objects.filter(model=serving_revision(), text_hash__in=placed.values("text_hash"))
        .annotate(distance=CosineDistance("vector", vector))
        .filter(distance__lte=1 - candidate)
        .order_by("distance", "text_hash")
        .values_list("text_hash", "vector")[:limit]
    )
    vectors = {text_hash: np.asarray(kept, np.float32) for text_hash, kept in rows}
    found = placed.filter(text_hash__in=list(vectors)).defer(*LEFT_OUT)
    near = [_near(other, vectors[other.text_hash], vector) for other in found]
    return sorted(near, key=lambda one: (-one.cosine, one.article.canonical_url))


def _near(other: Article, vector: np.ndarray, own: np.ndarray) -> Near:
    return Near(other, telling(other, vector), float(vector @ own))


def tellings(articles: Sequence[Article]) -> list[Telling]:
    """What the articles tell, with their vectors of the serving model; one that is missing is made."""
    vectors = stored_vectors([article_text(article.title, article.text) for article in articles])
    return [telling(article, vector) for article, vector in zip(articles, vectors, strict=True)]


def telling(article: Article, vector: np.ndarray) -> Telling:
    """`url` is the page that the article names as its source, else its own."""
    page = article.source_url or article.canonical_url
    return Telling(article.title, article.text, vector, moment_of(article), article.account, page)


def in_time(articles: Iterable[Article]) -> list[Article]:
    """By the time of their telling, then by address: it must not matter who came first."""
    return sorted(articles, key=lambda article: (moment_of(article), article.canonical_url))


def _placed(article: Article, first: datetime, last: datetime) -> QuerySet[Article]:
    days = Article.objects.annotate(moment=MOMENT).filter(moment__gte=first, moment__lte=last)
    return days.filter(story__isnull=False, is_sample=article.is_sample, duplicate_of=None).exclude(pk=article.pk)
