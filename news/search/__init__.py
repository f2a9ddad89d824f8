"""Search in Chinese: what goes into a stored tsvector, what a query becomes, how hits are ranked, the passage shown.

PostgreSQL takes a Chinese sentence for one word, so the terms are ours (terms.py) and both sides are written as
literals. Index and query use the same terms, so any word of two characters or more is found inside any sentence, and a
single character anywhere.
"""

from __future__ import annotations

from news.search.anew import index_article, renew
from news.search.query import QUOTES, match
from news.search.rank import find, ranked
from news.search.snippet import snippet
from news.search.vector import VERSION, terms_for, vector_for

__all__ = [
    "QUOTES",
    "VERSION",
    "find",
    "index_article",
    "match",
    "ranked",
    "renew",
    "snippet",
    "terms_for",
    "vector_for",
]
