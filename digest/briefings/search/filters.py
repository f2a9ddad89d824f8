"""What a search is narrowed to: topic, days, source, name. What a stranger typed that makes no sense is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import ExtractYear

from digest.briefings.models import Briefing, Item
from news.models import Name, Topic
from news.search.query import match_name
from news.search.rank import hits
from news.text import folded

SOURCE_LENGTH = 50


@dataclass
class Filters:
    """What was chosen, and what there is to choose from."""

    topics: Sequence[Topic] = ()
    years: Sequence[int] = ()
    topic: Topic | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None
    source: str = ""
    name: Name | None = None
    order: str = ""  # "date": the newest first; else by relevance
    chosen: int = field(default=0)  # how many of them narrow the search

    def narrow(self, items: QuerySet[Item]) -> QuerySet[Item]:
        if self.topic:
            items = items.filter(topics=self.topic)
        if self.year:
            items = items.filter(briefing__date__year=self.year)
        if self.since:
            items = items.filter(briefing__date__gte=self.since)
        if self.until:
            items = items.filter(briefing__date__lte=self.until)
        if self.source:
            items = items.filter(source_name__icontains=self.source)
        if self.name:
            spelt = match_name(self.name.aliases.values_list("text", flat=True)) or match_name([self.name.label])
            items = hits(items, spelt)
        return items


def read(chosen: Mapping[str, str]) -> Filters:
    """The filters of an address. Topic and year are chosen from what there is."""
    topics = list(Topic.objects.filter(is_active=True))
    issues = Briefing.objects.published()
    years = list(issues.annotate(year=ExtractYear("date")).values_list("year", flat=True).distinct().order_by("-year"))
    filters = Filters(
        topics,
        years,
        topic=next((topic for topic in topics if topic.slug == chosen.get("topic")), None),
        year=next((known for known in years if str(known) == chosen.get("year")), None),
        since=_day(chosen.get("from", "")),
        until=_day(chosen.get("to", "")),
        source=folded(chosen.get("source", "")[:SOURCE_LENGTH]).replace("\x00", ""),
        name=Name.objects.public().filter(slug=chosen["name"]).first() if _is_slug(chosen.get("name")) else None,
        order="date" if chosen.get("sort") == "date" else "",
    )
    narrowing = (filters.topic, filters.year, filters.since, filters.until, filters.source, filters.name)
    filters.chosen = sum(bool(each) for each in narrowing)
    return filters


def _is_slug(text: str | None) -> bool:
    return bool(text and len(text) <= 120 and text.isprintable())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
