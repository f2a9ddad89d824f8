"""Makes the vectors of items, in the worker that has the encoder; what waits, the search entries say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet

from digest.briefings.index import index, meaning_text
from digest.briefings.models import Item, SearchEntry
from digest.briefings.search.related import relate
from news.embed import Encoder, fingerprint
from news.embed.serving import model_key, serving
from news.embed.stored import stored_vectors
from news.search import VERSION

BATCH = 32


def catch_up(until: Callable[[], bool]) -> int:
    """Words, vectors and likenesses of the items that lack them, newest first, until none does or `until()` is true.

    Gives how many items were worked at. May run twice at once; a worker that dies loses one batch.
    """
    done = 0
    for step in (_words, _vectors, _likenesses):
        while not until():
            if not (worked := step()):
                break
            done += worked
    return done


def keep(items: Sequence[Item], engine: Encoder, texts: Sequence[str]) -> None:
    """Write the vectors of these items, made of these texts, unless an item says something else by now."""
    for item, text, vector in zip(items, texts, stored_vectors(texts, engine), strict=True):
        mine = SearchEntry.objects.filter(pk=item.pk, text_hash=fingerprint(text))
        mine.update(model=model_key(engine), vector=vector, related=None, is_related_due=True)


def _words() -> int:
    """Items whose words were written by an older program."""
    return index(entry.item for entry in _batch(SearchEntry.objects.filter(version__lt=VERSION)))


def _vectors() -> int:
    engine = serving()
    key = model_key(engine)
    entries = _batch(SearchEntry.objects.filter(Q(model__lt=key) | Q(model__gt=key)))
    texts = [meaning_text(entry.item) for entry in entries]
    keep([entry.item for entry in entries], engine, texts)
    for entry, text in zip(entries, texts, strict=True):
        if entry.text_hash != fingerprint(text):  # saved by somebody who did not index it
            index([entry.item])
    return len(entries)


def _likenesses() -> int:
    due = _batch(SearchEntry.objects.filter(is_related_due=True, item__briefing__published_at__isnull=False))
    for entry in due:
        relate(entry)
    return len(due)


def _batch(entries: QuerySet[SearchEntry]) -> list[SearchEntry]:
    return list(entries.select_related("item__article").defer("item__search").order_by("-pk")[:BATCH])
