"""How topics and names rise and fall over the issues.

The figure is a share: items about it, of all items of those issues. The newest issues (a third of those before us, four
at most) are set against up to eight before them. Small numbers leap, so each share is drawn towards the share of the
whole time as if `WEIGHT` more items had been seen there; what was written about once or less is left out.

Everything is one grouped query for the topics and one for the names, over the last `ISSUES` issues, kept until an
issue is published, changes or the names do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet
from django.urls import reverse

from digest.briefings.course import Bar, Course, course, periods
from digest.briefings.models import Briefing, Item, ItemName
from news.models import Name, Topic
from news.names.version import version

ISSUES = 26
NEWEST, BEFORE = 4, 8  # issues, at most
WEIGHT = 8.0  # items
LEAST_ITEMS = 2
LEAST_CHANGE = 0.05  # percentage points: less is shown as none
SHOWN_NAMES, SHOWN_MOVES = 12, 6
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Line:
    """One topic or name over the issues; shares in percent, `change` in percentage points."""

    thing: Topic | Name
    total: int
    newest: float
    before: float
    course: Course | None

    @property
    def change(self) -> float:
        return self.newest - self.before

    @property
    def label(self) -> str:
        return self.thing.label if isinstance(self.thing, Topic) else self.thing.shown

    @property
    def address(self) -> str:
        return (
            reverse("topic", args=[self.thing.slug]) if isinstance(self.thing, Topic) else self.thing.get_absolute_url()
        )

    @property
    def row(self) -> list[int]:
        return [bar.count for bar in self.course.bars] if self.course else []


@dataclass(frozen=True)
class Trends:
    days: tuple[date, ...]  # of the issues, oldest first
    newest_issues: int
    before_issues: int
    topics: list[Line]
    names: list[Line]
    risers: list[Line]
    fallers: list[Line]

    @property
    def lines(self) -> list[Line]:
        return [*self.topics, *self.names]

    @property
    def labels(self) -> tuple[Bar, ...]:
        """The columns of the table: the issues, with how many items each has."""
        return self.lines[0].course.bars if self.lines and self.lines[0].course else ()


def trends() -> Trends:
    """Of the last issues; kept, and made anew when something changed."""
    published = Briefing.objects.published()
    state = published.aggregate(count=Count("pk"), changed=Max("changed_at"))
    newest = ItemName.objects.aggregate(newest=Max("pk"))["newest"]
    key = f"trends-{state['count']}-{state['changed'] and state['changed'].timestamp()}-{newest}-{version()}"
    found: Trends | None = cache.get(key)
    if found is None:
        found = _make()
        cache.set(key, found, KEPT_SECONDS)
    return found


def _make() -> Trends:
    issues = dict(Briefing.objects.published().newest_first().values_list("pk", "date")[:ISSUES])
    totals = _totals(issues)
    days = sorted(issues.values())
    newest = days[-_newest(len(days)) :] if days else []
    before = [day for day in days if day not in newest][-BEFORE:]
    windows = _Windows(days, newest, before, totals)
    topics = windows.lines(Topic.objects.filter(is_active=True).order_by("position", "id"), _topic_counts(issues))
    names = windows.lines(Name.objects.public(), _name_counts(issues))
    names.sort(key=lambda line: (-line.total, line.thing.pk))
    moving = [line for line in (*topics, *names) if line.total >= LEAST_ITEMS and before]
    return Trends(
        tuple(days),
        len(newest),
        len(before),
        topics,
        names[:SHOWN_NAMES],
        sorted((line for line in moving if line.change >= LEAST_CHANGE), key=lambda line: -line.change)[:SHOWN_MOVES],
        sorted((line for line in moving if line.change <= -LEAST_CHANGE), key=lambda line: line.change)[:SHOWN_MOVES],
    )


def _newest(count: int) -> int:
    return max(1, min(NEWEST, count // 3 or 1))


def _totals(issues: dict[int, date]) -> Counter[date]:
    rows = Item.objects.filter(briefing__in=issues).values_list("briefing").annotate(Count("pk")).order_by()
    return Counter(dict.fromkeys(issues.values(), 0) | {issues[key]: count for key, count in rows})


def _topic_counts(issues: dict[int, date]) -> dict[int, Counter[date]]:
    rows = Item.topics.through.objects.filter(item__briefing__in=issues).values_list("topic", "item__briefing")
    return _by_thing(issues, rows.annotate(Count("pk")).order_by())


def _name_counts(issues: dict[int, date]) -> dict[int, Counter[date]]:
    rows = ItemName.objects.filter(item__briefing__in=issues, name__state=Name.State.PUBLIC)
    return _by_thing(issues, rows.values_list("name", "item__briefing").annotate(Count("pk")).order_by())


def _by_thing(issues: dict[int, date], rows: Iterable[tuple[int, int, int]]) -> dict[int, Counter[date]]:
    found: dict[int, Counter[date]] = defaultdict(Counter)
    for thing, briefing, count in rows:
        found[thing][issues[briefing]] += count
    return found


@dataclass(frozen=True)
class _Windows:
    days: list[date]
    newest: list[date]
    before: list[date]
    totals: Counter[date]

    def lines(self, things: QuerySet[Any], counts: dict[int, Counter[date]]) -> list[Line]:
        return [self._line(thing, counts[thing.pk]) for thing in things.filter(pk__in=counts)]

    def _line(self, thing: Topic | Name, counts: Counter[date]) -> Line:
        total = counts.total()
        usual = total / max(self.totals.total(), 1)
        drawn = course(periods(self.days), counts, self.totals)
        newest, before = self._share(counts, self.newest, usual), self._share(counts, self.before, usual)
        return Line(thing, total, newest, before, drawn)

    def _share(self, counts: Counter[date], days: list[date], usual: float) -> float:
        seen, of = sum(counts[day] for day in days), sum(self.totals[day] for day in days)
        return 100 * (seen + WEIGHT * usual) / (of + WEIGHT)
