"""Makes the vectors of a new model in the background while the old one's serve, then lets the new one serve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from news.embed import article_text, encoder, fingerprint
from news.embed.serving import model_key, serving, switch
from news.embed.stored import stored_vectors
from news.models import Article, Embedding, ServingModel

BATCH = 64  # articles; what is made is kept after each, so a worker that dies loses little

_complete: set[tuple[str, datetime]] = set()  # models that serve, since when, of which this process saw none missing


def reembed(until: Callable[[], bool]) -> int:
    """Make missing vectors of the wanted model, newest articles first, until none is missing or `until()` is true.

    Gives how many articles were worked at. Idempotent, may run twice at once. When none is missing, the model serves;
    from then on new articles get its vectors on their way, and the archive is not searched for missing ones again.
    """
    done = 0
    if _standing() in _complete:
        return done
    while batch := list(awaiting()[:BATCH]):
        _embed(batch)
        done += len(batch)
        if until():
            return done
    old = model_key(serving())
    if old != model_key(encoder()):
        switch(old)
    elif standing := _standing():
        _complete.add(standing)
    return done


def _standing() -> tuple[str, datetime] | None:
    """The wanted model and since when it serves; None while another does."""
    wanted = model_key(encoder())
    return ServingModel.objects.filter(key=wanted).values_list("key", "since").first()


def awaiting() -> QuerySet[Article]:
    """Articles that were embedded once and have no vector of the wanted model."""
    theirs = Embedding.objects.filter(model=model_key(encoder()), text_hash=OuterRef("text_hash"))
    rows = Article.objects.exclude(text_hash="").filter(~Exists(theirs)).order_by("-pk")
    return rows.only("pk", "title", "text", "text_hash")


def _embed(articles: list[Article]) -> None:
    texts = [article_text(article.title, article.text) for article in articles]
    stored_vectors(texts, encoder())
    for article, text in zip(articles, texts, strict=True):
        current = fingerprint(text)
        if current != article.text_hash:  # edited since: the hash follows the text, or it would wait for ever
            Article.objects.filter(pk=article.pk, text_hash=article.text_hash).update(text_hash=current)
