"""Vectors that are kept: what was encoded once by this model revision is read from the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from news.embed import ARTICLE_PURPOSE, Encoder, article_text, fingerprint
from news.embed.serving import model_key, serving
from news.models import Embedding

if TYPE_CHECKING:
    from news.models import Article

__all__ = ["model_key", "serving", "stored_vectors", "vector_of"]


def vector_of(article: Article) -> np.ndarray:
    """The vector of one article, float32 [dimension]; made and kept if it is not there yet."""
    return stored_vectors([article_text(article.title, article.text)])[0]


def stored_vectors(texts: Sequence[str], engine: Encoder | None = None) -> np.ndarray:
    """Vectors of the texts, float32 [len(texts), dimension], in order; only what is missing is encoded, then kept.

    Of the model that serves, or of `engine`.
    """
    engine = engine or serving()
    keys = [fingerprint(text) for text in texts]
    known = _kept(engine, keys)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    made = dict(zip(missing, engine.encode(list(missing.values()), ARTICLE_PURPOSE), strict=True))
    Embedding.objects.bulk_create(
        [Embedding(model=model_key(engine), text_hash=key, vector=vector) for key, vector in made.items()],
        ignore_conflicts=True,  # two workers may make the same vector at once
    )
    known |= made
    return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(texts), engine.dimension)


def _kept(engine: Encoder, keys: Sequence[str]) -> dict[str, np.ndarray]:
    rows = Embedding.objects.filter(model=model_key(engine), text_hash__in=set(keys))
    return {key: np.asarray(vector, np.float32) for key, vector in rows.values_list("text_hash", "vector")}
