"""What a judge can learn from this site's editors: the articles that they put together, and those they parted."""

from __future__ import annotations

from news.models import StoryLink
from news.stories.pairs.learn import Pair
from news.stories.pairs.reading import head

NEWEST = 20_000


def decided_pairs() -> list[Pair]:
    """The links in force as pairs of heads, oldest first; of very many, the newest."""
    fields = ("kind", "one__title", "one__text", "other__title", "other__text")
    links = StoryLink.objects.in_force().order_by("-pk").values_list(*fields)[:NEWEST]
    return [
        Pair(head(title, text), head(other_title, other_text), kind == StoryLink.Kind.MUST)
        for kind, title, text, other_title, other_text in reversed(links)
    ]
