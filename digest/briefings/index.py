"""Puts items into the search index. Whoever saves an item calls `index` after it: nothing happens behind a save."""

from collections.abc import Iterable

from digest.briefings.markdown import plain
from digest.briefings.models import Item, SearchEntry
from digest.briefings.names import note_names
from news.embed import article_text, fingerprint
from news.search import VERSION, vector_for


def index(items: Iterable[Item]) -> int:
    """Write `Item.search`, the search entry and the names of these items, saved before; returns how many.

    Raises nothing for any text. A vector is made later, by the worker that has the encoder (search/vectors.py).
    """
    items = list(items)
    note_names(items)
    count = 0
    for item in items:
        words = plain(item.text)
        vector = vector_for(item.headline, words, item.source_name)
        count += Item.objects.filter(pk=item.pk).update(search=vector)
        _note(item, fingerprint(article_text(item.headline, words)))
    return count


def meaning_text(item: Item) -> str:
    """The text that an item's vector is made of."""
    return article_text(item.headline, plain(item.text))


def _note(item: Item, text_hash: str) -> None:
    """A text that changed has no vector from now on; an unchanged one keeps it."""
    entry, is_new = SearchEntry.objects.get_or_create(pk=item.pk, defaults={"version": VERSION, "text_hash": text_hash})
    if is_new or (entry.version, entry.text_hash) == (VERSION, text_hash):
        return
    forgotten = {"model": "", "vector": None} if entry.text_hash != text_hash else {}
    SearchEntry.objects.filter(pk=item.pk).update(version=VERSION, text_hash=text_hash, **forgotten)
