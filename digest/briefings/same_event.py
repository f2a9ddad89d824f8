"""同一事件的其他报道: who else told what an item tells, for readers."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.briefings.links import canonical
from digest.briefings.models import Item
from news.models import PageState, Watch
from news.stories.overview import Told, overview

MOST = 6


@dataclass(frozen=True)
class Elsewhere:
    """Other independent tellings with a link that works; how many sources in all, and who was first if that is sure."""

    told: list[Told] = field(default_factory=list)
    sources: int = 0
    first: Told | None = None


def elsewhere(item: Item) -> Elsewhere:
    """Of the item's story; nothing where it has none, or nobody else told it. Two queries."""
    story = item.article.story if item.article else None
    if story is None:
        return Elsewhere()
    seen = overview(story)
    own = {canonical(item.url), item.url}
    told = [
        one
        for one in seen.beside(item.article)
        if one.article.canonical_url not in own and one.article.state in ("", PageState.OK)
    ]
    gone = set(
        Watch.objects.gone().filter(url__in=[one.article.canonical_url for one in told]).values_list("url", flat=True)
    )
    told = [one for one in told if one.article.canonical_url not in gone][:MOST]
    first = seen.first if seen.is_first_certain and len(seen.told) > 1 else None
    return Elsewhere(told, seen.independent_count, first)
