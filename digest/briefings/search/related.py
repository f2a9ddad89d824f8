"""Items like an item, across issues: by meaning, with a little for each topic that both stand under."""

from __future__ import annotations

import numpy as np
from django.db.models import Q, QuerySet

from digest.briefings.models import Item, SearchEntry
from digest.briefings.search.by_meaning import by_meaning

SHOWN = 5
NEAR = 16  # so many nearest are looked at; with a new item, theirs may have changed
LIKE = 0.865  # a cosine below it is no likeness (bundled encoder)
A_TOPIC = 0.01


def related(item: Item) -> list[Item]:
    """The stored likenesses of an item that are public, best first: two queries."""
    entry = SearchEntry.objects.filter(pk=item.pk).only("related").first()
    if not entry or not entry.related:
        return []
    found = Item.objects.published().select_related("briefing").only("headline", "briefing__date")
    items = {other.pk: other for other in found.filter(pk__in=entry.related)}
    return [items[key] for key in entry.related if key in items]


def relate(entry: SearchEntry) -> None:
    """Find an item's likenesses anew and store them. Others of the same story are no likeness: they are the story.

    With a new item its neighbours are looked at again: it may be more like them than what they have.
    """
    item = entry.item
    near = {} if entry.vector is None else dict(by_meaning(_others(item), entry.model, np.asarray(entry.vector), NEAR))
    if entry.related is None:
        SearchEntry.objects.filter(pk__in=near, related__isnull=False).update(is_related_due=True)
    SearchEntry.objects.filter(pk=item.pk).update(related=_like(item, near), is_related_due=False)


def _like(item: Item, near: dict[int, float]) -> list[int]:
    topics = set(item.topics.values_list("pk", flat=True))
    shared = dict.fromkeys(near, 0)
    for key, topic in Item.topics.through.objects.filter(item__in=near).values_list("item_id", "topic_id"):
        shared[key] += topic in topics
    worth = {key: cosine + A_TOPIC * min(shared[key], 2) for key, cosine in near.items() if cosine >= LIKE}
    return sorted(worth, key=lambda key: -worth[key])[:SHOWN]


def _others(item: Item) -> QuerySet[Item]:
    others = Item.objects.published().exclude(pk=item.pk)
    story = item.article.story_id if item.article else None
    return others.exclude(Q(article__story=story) & Q(article__isnull=False)) if story else others
