"""Editors split and merge stories by hand. Each decision is kept as links between articles, and holds for ever.

The newest decision wins: what it contradicts ends, and the outcome names whose word that was. Undoing one brings back
what it ended, and everybody to where they stood. Nothing here needs a vector, so the web process can do it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import product

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from news.models import Article, Stage, Story, StoryDecision, StoryLink
from news.stories import links
from news.stories.best import choose_best
from news.stories.turn import wait_for_turn

Kind = StoryDecision.Kind


class Refused(Exception):
    """It cannot be done; the message tells the editor why, and what to do."""


@dataclass
class Outcome:
    """`story` is where the articles in question stand now; `overruled` are earlier decisions that this one ended."""

    decision: StoryDecision
    story: Story
    overruled: list[StoryDecision] = field(default_factory=list)


@transaction.atomic
def split(story: Story, chosen: Collection[int], by: AbstractBaseUser | None) -> Outcome:
    """Make the chosen articles, with their copies, a story of their own; they stay together and apart from the rest."""
    wait_for_turn()
    return _part(story, set(chosen), by, Kind.SPLIT)


@transaction.atomic
def not_this(article: Article, by: AbstractBaseUser | None) -> Outcome:
    """This article tells another event than its story. It goes alone, and the pipeline looks for its place anew."""
    wait_for_turn()
    root = Article.objects.select_related("story").get(pk=article.duplicate_of_id or article.pk)
    if root.story is None:
        raise Refused(gettext("这篇文章还不在任何事件里。"))
    outcome = _part(root.story, {root.pk}, by, Kind.APART)
    _file_again([root.pk])
    return outcome


@transaction.atomic
def no_copy(article: Article, by: AbstractBaseUser | None) -> Outcome:
    """This article was taken for a copy and is none. It stays in its story for now, and is filed anew for itself."""
    wait_for_turn()
    article = Article.objects.select_related("story").get(pk=article.pk)
    if article.duplicate_of_id is None or article.story is None:
        raise Refused(gettext("这篇文章没有被当作转载，请刷新页面。"))
    decision = _decide(Kind.NO_COPY, article.story, [article.pk], article.story, by)
    pair = sorted((article.pk, article.duplicate_of_id))
    StoryLink.objects.create(one_id=pair[0], other_id=pair[1], kind=StoryLink.Kind.NO_COPY, decision=decision)
    Article.objects.filter(pk=article.pk).update(duplicate_of=None, duplicate_why="")
    _file_again([article.pk])
    _settle(article.story)
    return Outcome(decision, article.story)


@transaction.atomic
def merge(story: Story, other: Story, by: AbstractBaseUser | None) -> Outcome:
    """Put both into `story`; whatever stands in either of them now stays together."""
    wait_for_turn()
    if story.pk == other.pk:
        raise Refused(gettext("这就是同一个事件，请选另一个。"))
    roots, guests = _roots(story), _roots(other)
    if not roots or not guests:
        raise Refused(gettext("那个事件已经没有文章了，请刷新后再选。"))
    decision = _decide(Kind.MERGE, story, guests, other, by)
    overruled = _end(decision, StoryLink.Kind.CANNOT, roots, guests)
    overruled += _say(decision, StoryLink.Kind.MUST, links.chain({*roots.values(), *guests.values()}))
    _move(guests, story)
    _settle(story, other)
    return Outcome(decision, story, _each_once(overruled, decision))


@transaction.atomic
def undo(decision: StoryDecision, by: AbstractBaseUser | None) -> Story:
    """Take a decision back: what it said ends, what it ended holds again, and its articles go back."""
    wait_for_turn()
    decision.refresh_from_db()
    if decision.undone_at:
        raise Refused(gettext("这个决定已经撤销过了。"))
    if later := _later(decision):
        raise Refused(gettext("后来还有别的决定动过这些文章（%s），请先撤销那一个。") % later)
    decision.links.in_force().update(ended_by=decision)
    StoryLink.objects.filter(ended_by=decision).exclude(decision=decision).update(ended_by=None)
    decision.undone_at, decision.undone_by = timezone.now(), by  # type: ignore[assignment]
    decision.save(update_fields=["undone_at", "undone_by"])
    if decision.kind == Kind.NO_COPY:
        _file_again(int(pk) for pk in decision.moved)
    return _bring_back(decision)


def _part(story: Story, chosen: set[int], by: AbstractBaseUser | None, kind: str) -> Outcome:
    roots = _roots(story)
    gone = {pk: root for pk, root in roots.items() if root in chosen}
    rest = {pk: root for pk, root in roots.items() if root not in chosen}
    if not gone:
        raise Refused(gettext("请先勾选要分出去的文章。"))
    if not rest:
        raise Refused(gettext("不能把全部文章都分出去：至少要留下一篇。"))
    before = links.together(roots)
    own = Story.objects.create()
    decision = _decide(kind, own, gone, story, by)
    overruled = _end(decision, StoryLink.Kind.MUST, gone, rest)
    overruled += _say(decision, StoryLink.Kind.CANNOT, product(set(gone.values()), set(rest.values())))
    for side in (set(gone.values()), set(rest.values())):  # what was together on either side is so still
        for group in before:
            _say(decision, StoryLink.Kind.MUST, links.chain(side.intersection(group)))
    if kind == Kind.SPLIT:
        _say(decision, StoryLink.Kind.MUST, links.chain(set(gone.values())))
    _move(gone, own)
    _settle(story, own)
    return Outcome(decision, own, _each_once(overruled, decision))


def _roots(story: Story) -> dict[int, int]:
    """Of each article of the story: the original whose copy it is, itself if it is none."""
    rows = story.articles.values_list("pk", "duplicate_of")
    return {pk: original or pk for pk, original in rows}


def _decide(kind: str, story: Story, moved: Iterable[int], before: Story, by: AbstractBaseUser | None) -> StoryDecision:
    said = {str(pk): before.pk for pk in moved}
    return StoryDecision.objects.create(kind=kind, story=story, by=by, moved=said)  # type: ignore[misc]


def _end(decision: StoryDecision, kind: str, some: Collection[int], others: Collection[int]) -> list[StoryDecision]:
    """End the links of one kind between the two sides; whose they were."""
    across = Q(one__in=some, other__in=others) | Q(one__in=others, other__in=some)
    return _ended(decision, StoryLink.objects.in_force().filter(across, kind=kind))


def _say(decision: StoryDecision, kind: str, pairs: Iterable[links.Pair]) -> list[StoryDecision]:
    """Write the links; a link that is there already on the same two articles ends, and comes back by an undoing."""
    ordered = {(min(pair), max(pair)) for pair in pairs}
    there = StoryLink.objects.in_force().filter(
        kind__in=[StoryLink.Kind.MUST, StoryLink.Kind.CANNOT],
        one__in={one for one, _other in ordered},
        other__in={other for _one, other in ordered},
    )
    there = there.filter(pk__in=[link.pk for link in there if (link.one_id, link.other_id) in ordered])
    overruled = _ended(decision, there.exclude(kind=kind))
    there.exclude(decision=decision).update(ended_by=decision)
    known = set(there.values_list("one", "other"))
    StoryLink.objects.bulk_create(
        StoryLink(one_id=one, other_id=other, kind=kind, decision=decision) for one, other in sorted(ordered - known)
    )
    return overruled


def _ended(decision: StoryDecision, found: QuerySet[StoryLink]) -> list[StoryDecision]:
    keys = [link.pk for link in found]
    whose = StoryDecision.objects.filter(links__in=keys).select_related("by").distinct()
    overruled = list(whose)
    StoryLink.objects.filter(pk__in=keys).update(ended_by=decision)
    return overruled


def _each_once(overruled: Iterable[StoryDecision], decision: StoryDecision) -> list[StoryDecision]:
    return [one for one in dict.fromkeys(overruled) if one != decision]


def _file_again(keys: Iterable[int]) -> None:
    again = Article.objects.filter(pk__in=list(keys), stage=Stage.SUMMARISED)
    again.update(stage=Stage.EMBEDDED, due_at=Now(), leased_until=Now(), lease="", attempts=0)


def _move(moved: Iterable[int], story: Story) -> None:
    Article.objects.filter(pk__in=list(moved)).update(story=story)


def _settle(*stories: Story) -> None:
    for story in stories:
        choose_best(story)


def _later(decision: StoryDecision) -> StoryDecision | None:
    """A newer decision, still standing, about one of the same articles."""
    own = _touched(decision)
    newer = StoryDecision.objects.filter(pk__gt=decision.pk, undone_at=None).order_by("-pk")
    return next((one for one in newer.iterator() if own & _touched(one)), None)


def _touched(decision: StoryDecision) -> set[int]:
    return {int(pk) for pk in decision.moved}.union(*decision.links.values_list("one", "other"))


def _bring_back(decision: StoryDecision) -> Story:
    """Everybody to the story they came from; one that went meanwhile comes back under its old key."""
    keys = [int(pk) for pk in decision.moved]
    left = set(Article.objects.filter(pk__in=keys).values_list("story", flat=True))
    homes = {key: Story.objects.get_or_create(pk=key)[0] for key in set(decision.moved.values())}
    for pk, home in decision.moved.items():
        Article.objects.filter(Q(pk=pk) | Q(duplicate_of=pk)).update(story=homes[home])
    _settle(*homes.values(), *Story.objects.filter(pk__in=left - set(homes)))
    return next(iter(homes.values()))
