"""The newest issue, any issue, and one item of it."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from digest.briefings.metadata import aigc, of_issue, of_item, reading_minutes
from digest.briefings.models import Briefing, Item
from digest.briefings.reports import around
from digest.briefings.same_event import elsewhere


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = Briefing.objects.published().newest_first().first()
    if newest is None:
        return render(request, "briefings/empty.html")
    return issue_page(request, newest)


@require_safe
def briefing(request: HttpRequest, date: datetime.date) -> HttpResponse:
    return issue_page(request, get_object_or_404(Briefing.objects.published(), date=date))


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Item.objects.published().for_reading().select_related("article__story").defer("search"), pk=pk
    )
    return render(request, "briefings/item.html", _item_context(found))


def issue_page(request: HttpRequest, briefing: Briefing, preview: bool = False) -> HttpResponse:
    """The page of an issue, also of one that is not published yet: whoever asks has checked that they may see it."""
    items = list(briefing.items.for_reading().defer("search"))
    context = {
        "briefing": briefing,
        "items": items,
        "preview": preview,
        "minutes": reading_minutes([briefing.lead, briefing.closing, *(item.text for item in items)]),
        "json_ld": "" if preview else of_issue(briefing, items),
        "aigc": aigc(briefing, items),
        **_neighbours(briefing),
    }
    return render(request, "briefings/briefing.html", context)


def _neighbours(briefing: Briefing) -> dict[str, Briefing | None]:
    published = Briefing.objects.published()
    return {
        "older": published.filter(date__lt=briefing.date).order_by("-date").first(),
        "newer": published.filter(date__gt=briefing.date).order_by("date").first(),
    }


def _item_context(item: Item) -> dict[str, Any]:
    row = list(item.briefing.items.only("pk", "position", "headline"))
    place = next(index for index, other in enumerate(row) if other.pk == item.pk)
    return {
        "item": item,
        "briefing": item.briefing,
        "before": row[place - 1] if place else None,
        "after": row[place + 1] if place + 1 < len(row) else None,
        "json_ld": of_item(item),
        "aigc": aigc(item, [item]),
        "around": around(item),
        "elsewhere": elsewhere(item),
    }
