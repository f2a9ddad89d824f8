"""Gathers an article and the stories around it anew, and says where everybody stands by then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

import numpy as np
from django.db.models import Q

from news.embed import Calibration
from news.embed.serving import serving
from news.models import Article, Story
from news.stories import links
from news.stories.around import LEFT_OUT, around, in_time, telling, tellings
from news.stories.best import choose_best
from news.stories.gather import SAME, gather, nearest_part
from news.stories.likely import STORY_DAYS, likelihoods, likely

LOOK_AT = 40  # nearest articles around
GATHERED = 60  # members at once; above it nobody moves but the article in hand


def regroup(article: Article, vector: np.ndarray) -> None:
    """Save the story of the article and of everybody who moves because of it; copies go with their originals."""
    calibration = serving().calibration
    stories = _linked(article, vector, calibration) if calibration else set()
    stories |= {article.story_id} if article.story_id else set()
    members = _members(article, stories)
    roots = _roots(members)
    together, apart = links.together(roots), links.apart(roots)
    if calibration and len(members) <= GATHERED:
        groups = _gathered(members, together, apart, calibration)
    else:
        groups = _joined(article, vector, members, together, apart, calibration)
    _stand(groups)


def stand(article: Article, story: Story) -> None:
    """Put one article, with its copies, into this story."""
    before = set(Article.objects.filter(pk=article.pk).values_list("story", flat=True)) - {None, story.pk}
    Article.objects.filter(Q(pk=article.pk) | Q(duplicate_of=article.pk)).update(story=story)
    for changed in Story.objects.filter(pk__in=before | {story.pk}):
        choose_best(changed)


def _linked(article: Article, vector: np.ndarray, calibration: Calibration) -> set[int]:
    """The stories to which the article has a link of its own."""
    days = timedelta(days=STORY_DAYS)
    near = around(article, vector, before=days, after=days, candidate=calibration.candidate, limit=LOOK_AT)
    how_likely = likely(telling(article, vector), [one.telling for one in near], calibration)
    found = {one.article.story_id for one, chance in zip(near, how_likely, strict=True) if chance >= SAME}
    return {story for story in found if story}


def _members(article: Article, stories: set[int]) -> list[Article]:
    """The originals in the stories, with the article itself, in the order of time."""
    others = Article.objects.filter(story__in=stories, duplicate_of=None).exclude(pk=article.pk)
    return in_time([article, *others.defer(*LEFT_OUT)])


def _roots(members: Sequence[Article]) -> dict[int, int]:
    """Of the members and of all their copies: which original each of them is."""
    keys = [member.pk for member in members]
    copies = Article.objects.filter(duplicate_of__in=keys).values_list("pk", "duplicate_of")
    return {pk: original or pk for pk, original in copies} | dict(zip(keys, keys, strict=True))


def _gathered(
    members: list[Article], together: list[list[int]], apart: set[links.Pair], calibration: Calibration
) -> list[list[Article]]:
    if len(members) == 1:
        return [members]
    row = {member.pk: number for number, member in enumerate(members)}
    groups = gather(
        likelihoods(tellings(members), calibration),
        [[row[key] for key in group] for group in together],
        [(row[one], row[other]) for one, other in apart],
    )
    return [[members[number] for number in group] for group in groups]


def _joined(
    article: Article,
    vector: np.ndarray,
    members: list[Article],
    together: list[list[int]],
    apart: set[links.Pair],
    calibration: Calibration | None,
) -> list[list[Article]]:
    """The stories as they stand, with the article in the likeliest of them that it may stand in."""
    standing: dict[int, list[Article]] = {}
    for member in members:
        if member != article and member.story_id:
            standing.setdefault(member.story_id, []).append(member)
    bound = {key for group in together if article.pk in group for key in group}
    barred = {key for pair in apart for key in pair if article.pk in pair}
    chances = {}
    for story, group in standing.items():
        keys = {member.pk for member in group}
        if bound & keys - {article.pk}:
            chances[story] = 2.0
        elif not barred & keys - {article.pk}:
            chances[story] = _chance(article, vector, group, calibration)
    best = max(chances, key=lambda story: (chances[story], -story), default=0)
    if best and (chances[best] >= SAME or (calibration is None and best == article.story_id)):
        standing[best].append(article)
        return list(standing.values())
    return [*standing.values(), [article]]


def _chance(article: Article, vector: np.ndarray, group: list[Article], calibration: Calibration | None) -> float:
    if calibration is None:
        return 0.0
    return float(nearest_part(likely(telling(article, vector), tellings(group), calibration)))


def _stand(groups: Iterable[list[Article]]) -> None:
    """Give every group a story: the one that most of it stood in before, of equals the oldest, else a new one."""
    groups = list(groups)
    before = Counter((member.story_id, number) for number, group in enumerate(groups) for member in group)
    known = Story.objects.in_bulk({story for story, _number in before if story})
    home: dict[int, Story] = {}
    taken: set[int | None] = set()
    for (key, number), _count in sorted(before.items(), key=lambda entry: (-entry[1], entry[0][0] or 0, entry[0][1])):
        if key in known and key not in taken and number not in home:
            home[number] = known[key]
            taken.add(key)
    for number, group in enumerate(groups):
        story = home.get(number) or Story.objects.create()
        known[story.pk] = story
        _move([member for member in group if member.story_id != story.pk], story)
    for one in known.values():
        choose_best(one)


def _move(members: list[Article], story: Story) -> None:
    keys = [member.pk for member in members]
    if keys:
        Article.objects.filter(Q(pk__in=keys) | Q(duplicate_of__in=keys)).update(story=story)
