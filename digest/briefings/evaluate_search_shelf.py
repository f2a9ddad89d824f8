"""A shelf of its own for an evaluation of the search: empty tables over the site's, gone when the transaction is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from digest.briefings.index import index, meaning_text
from digest.briefings.models import Briefing, Item, SearchEntry
from news.embed import Encoder
from news.evaluate.base import Progress

TABLES = [Briefing, Item, SearchEntry]
FIRST_DAY = date(2020, 1, 1)
BATCH = 32


@dataclass(frozen=True)
class Document:
    """What one item of the shelf says."""

    key: str
    title: str
    text: str
    source: str = ""


@contextmanager
def shelf(documents: Sequence[Document], engine: Encoder, progress: Progress) -> Iterator[dict[str, int]]:
    """The documents as published items, indexed and with vectors; gives each one's item by its key.

    Temporary tables stand in front of the site's own while this is open, so the search's very code sees nothing else,
    locks nothing of the site, and leaves nothing behind.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            for model in TABLES:
                name = model._meta.db_table
                cursor.execute(f'CREATE TEMPORARY TABLE "{name}" (LIKE public."{name}" INCLUDING ALL) ON COMMIT DROP')
        items = _fill(documents)
        _add_vectors(list(items.values()), engine, progress)
        yield {key: item.pk for key, item in items.items()}
        transaction.set_rollback(True)


def _fill(documents: Sequence[Document]) -> dict[str, Item]:
    issue = Briefing.objects.create(date=FIRST_DAY + timedelta(days=1), published_at=timezone.now())
    items = {
        document.key: Item.objects.create(
            briefing=issue,
            position=place,
            headline=document.title[:300],
            text=document.text,
            source_name=document.source[:200],
        )
        for place, document in enumerate(documents, start=1)
    }
    index(items.values())
    return items


def _add_vectors(items: Sequence[Item], engine: Encoder, progress: Progress) -> None:
    from digest.briefings.search.vectors import keep

    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        keep(batch, engine, [meaning_text(item) for item in batch])
        progress(min(start + BATCH, len(items)), len(items))
