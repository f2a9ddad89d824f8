"""What editors said about pairs of articles, as far as it holds: read wherever stories are made or changed.

A copy's links are its original's: whatever an editor said of the one holds for the other. Must-links close by
themselves, since what must be together always stands in one story, and stories are put together from whole groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from django.db.models import Q

from news.models import Article, StoryLink

Pair = tuple[int, int]


def together(roots: Mapping[int, int]) -> list[list[int]]:
    """Groups of originals that must stay together. `roots`: of each article at hand, the original it is a copy of."""
    return groups(_pairs(StoryLink.Kind.MUST, roots))


def apart(roots: Mapping[int, int]) -> set[Pair]:
    """Pairs of originals, the lower key first, that cannot stand in one story."""
    return _pairs(StoryLink.Kind.CANNOT, roots)


def bars(article: Article, story: int) -> bool:
    """Whether the article, or one that must stand beside it, cannot stand in this story."""
    links = StoryLink.objects.in_force()
    own = {article.pk}
    while True:
        more = links.filter(Q(one__in=own) | Q(other__in=own), kind=StoryLink.Kind.MUST).values_list("one", "other")
        wider = own.union(*more)
        if wider == own:
            break
        own = wider
    barred = links.filter(kind=StoryLink.Kind.CANNOT)
    return barred.filter(Q(one__in=own, other__story=story) | Q(other__in=own, one__story=story)).exists()


def no_copies(article: int) -> set[int]:
    """The articles of which an editor said that this one is no copy, and that are none of it."""
    said = StoryLink.objects.in_force().filter(Q(one=article) | Q(other=article), kind=StoryLink.Kind.NO_COPY)
    return {pk for pair in said.values_list("one", "other") for pk in pair} - {article}


def groups(pairs: Iterable[Pair]) -> list[list[int]]:
    """The connected groups that the pairs make, each sorted, in the order of their first member."""
    group_of: dict[int, set[int]] = {}
    for one, other in pairs:
        joined = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(joined, joined))
    return sorted(sorted(group) for group in {id(group): group for group in group_of.values()}.values())


def chain(members: Iterable[int]) -> set[Pair]:
    """The fewest pairs that hold the members together."""
    return set(pairwise(sorted(members)))


def _pairs(kind: str, roots: Mapping[int, int]) -> set[Pair]:
    at_hand = list(roots)
    found = StoryLink.objects.in_force().filter(kind=kind, one__in=at_hand, other__in=at_hand)
    said = {(roots[one], roots[other]) for one, other in found.values_list("one", "other")}
    return {(min(pair), max(pair)) for pair in said if pair[0] != pair[1]}
