"""What the memory knows, for the desk and for public pages; and an editor's word that it is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from digest.briefings.models import Item, Reported, ReportedKind
from digest.briefings.models.reported import ReportedQuerySet
from news.models import Article

STEPS, MOST = 3, 20  # of a timeline: how far from the item, and how many


def with_reports() -> Prefetch[str]:
    """For articles: what of them was printed, the surest first, as `article.told_before`."""
    return Prefetch("reported", _told(Reported.objects.standing()), to_attr="told_before")


def of_items(items: Iterable[Item]) -> dict[int, list[Reported]]:
    """What the memory says of each of these items; where it has not compared the item yet, what it says of its article.

    Two queries however many items.
    """
    items = list(items)
    articles = {item.article_id: item.pk for item in items if item.article_id}
    rows = _told(Reported.objects.standing()).filter(Q(later__in=items) | Q(article__in=articles))
    issues = {item.pk: item.briefing_id for item in items}
    found: dict[int, dict[int, Reported]] = {item.pk: {} for item in items}
    for row in sorted(rows, key=lambda row: row.later_id is None):
        whose = row.later_id or articles[row.article_id or 0]
        if row.item.briefing_id != issues[whose]:
            found[whose].setdefault(row.item_id, row)
    return {key: list(told.values()) for key, told in found.items()}


def _told(rows: ReportedQuerySet) -> ReportedQuerySet:
    return rows.filter(item__briefing__published_at__isnull=False).select_related("item__briefing").certain_first()


@transaction.atomic
def dismiss(reported: Reported, by: User | None) -> None:
    """Not the same, for ever: of the article and of the items made of it."""
    article = reported.article_id or (reported.later.article_id if reported.later else None)
    whose = Q(pk=reported.pk)
    if article:
        whose |= Q(article=article, item=reported.item_id) | Q(later__article=article, item=reported.item_id)
    Reported.objects.filter(whose).standing().update(dismissed_at=timezone.now(), dismissed_by=by)


def deny(article: Article, item: Item, by: User | None) -> None:
    """The same where the memory has not said anything yet, because the article's story was printed just now."""
    row, _new = Reported.objects.get_or_create(article=article, item=item, defaults={"kind": ReportedKind.STORY})
    dismiss(row, by)


@dataclass(frozen=True)
class Before:
    """What readers see beside an item: earlier reports, follow-ups, and all of the matter in its order."""

    earlier: list[Item] = field(default_factory=list)
    later: list[Item] = field(default_factory=list)
    timeline: list[Item] = field(default_factory=list)


def around(item: Item) -> Before:
    """The published items that told this before or went on with it; at most `STEPS` + 1 queries."""
    known: dict[int, Item] = {}
    near: set[int] = set()
    edge = {item.pk}
    for step in range(STEPS):
        rows = _between(edge)
        fresh = {one.pk: one for row in rows for one in (row.item, row.later) if one and one.pk != item.pk}
        edge = set(fresh) - set(known)
        near |= set(fresh) if step == 0 else set()
        known |= fresh
        if not edge or len(known) >= MOST:
            break
    ordered = sorted([*known.values(), item], key=_when)[-MOST:] if known else []
    close = [one for one in ordered if one.pk in near]
    return Before(
        [one for one in close if _when(one) < _when(item)],
        [one for one in close if _when(one) > _when(item)],
        ordered if len(ordered) > 2 else [],
    )


def _between(items: set[int]) -> QuerySet[Reported]:
    public = {"item__briefing__published_at__isnull": False, "later__briefing__published_at__isnull": False}
    rows = Reported.objects.standing().filter(Q(item__in=items) | Q(later__in=items), **public)
    return rows.select_related("item__briefing", "later__briefing").defer("item__text", "later__text")[: MOST * 2]


def _when(item: Item) -> tuple[object, int, int]:
    return item.briefing.date, item.position, item.pk
