"""Writes articles' search terms: of one when it is filed, of all that are there after VERSION went up."""

from __future__ import annotations

from collections.abc import Callable

from news.models import Article
from news.search.vector import VERSION, vector_for

BATCH = 50


def index_article(article: Article) -> None:
    """Write `Article.search` for the article as it is now. Raises nothing for any text."""
    vector = vector_for(article.title, article.text, article.account)
    Article.objects.filter(pk=article.pk).update(search=vector, search_version=VERSION)


def renew(until: Callable[[], bool]) -> int:
    """Until none is of an older make or `until()` is true; gives how many. May run twice at once, or be broken off."""
    done = 0
    while not until():
        stale = Article.objects.filter(search__isnull=False, search_version__lt=VERSION).order_by("-search_version")
        batch = list(stale.only("pk", "title", "text", "account")[:BATCH])
        if not batch:
            break
        for article in batch:
            index_article(article)
        done += len(batch)
    return done
