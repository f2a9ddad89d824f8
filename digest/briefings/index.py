"""Puts items into the search index. Whoever saves an item calls `index` after it: nothing happens behind a save."""

from collections.abc import Iterable

from digest.briefings.markdown import plain
from digest.briefings.models import Item
from news.search import vector_for


def index(items: Iterable[Item]) -> int:
    """Write `Item.search` of these items, saved before; returns how many. Raises nothing for any text."""
    count = 0
    for item in items:
        vector = vector_for(item.headline, plain(item.text), item.source_name)
        count += Item.objects.filter(pk=item.pk).update(search=vector)
    return count
