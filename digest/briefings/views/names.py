"""The names that were written about, and everything about one."""

from collections import Counter
from datetime import date
from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from digest.briefings.course import Course, course, periods, tally
from digest.briefings.metadata import of_name
from digest.briefings.models import Briefing, Item, ItemName
from digest.briefings.views.topics import ITEMS_A_PAGE
from news.models import Name, Topic
from news.names.fold import key_of
from news.names.version import version

NAMES_A_KIND, NAMES_A_PAGE, RELATED = 24, 60, 16
KEPT_SECONDS = 600


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """By kind, the most written about first; `q` searches their spellings, `kind` shows one kind whole."""
    counts = counted()
    words, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    if kind and kind not in Name.Kind.values:
        raise Http404
    chosen = _ordered(_wanted(words, kind), counts)
    context: dict[str, Any] = {"words": words, "kind": Name.Kind(kind).label if kind else "", "total": len(chosen)}
    if words or kind:
        context["page"] = Paginator(chosen, NAMES_A_PAGE).get_page(request.GET.get("page"))
    else:
        context["kinds"] = [
            (one.value, one.label, len(rows), rows[:NAMES_A_KIND])
            for one in Name.Kind
            if (rows := [name for name in chosen if name.kind == one])
        ]
    return render(request, "briefings/names.html", context)


@require_safe
def name(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Name.objects.select_related("merged_into"), slug=slug)
    if found.merged_into:
        there = redirect(found.merged_into, permanent=True)
        there["Cache-Control"] = "no-cache"  # an editor may split them again: no browser may keep this for ever
        return there
    if found.state != Name.State.PUBLIC:
        raise Http404
    rows = ItemName.objects.readable().filter(name=found)
    items = Item.objects.published().filter(named__name=found).for_reading().defer("search")
    page = Paginator(items.order_by("-briefing__date", "position"), ITEMS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "name": found,
        "page": page,
        "course": _course(found) if page.paginator.count else None,
        "related": _related(found),
        "topics": _topics(found),
        "spellings": _spellings(found),
        "json_ld": of_name(found, list(page)),
        "first": rows.order_by("item__briefing__date").values_list("item__briefing__date", flat=True).first(),
    }
    return render(request, "briefings/name.html", context)


def counted() -> dict[int, int]:
    """How many published items each public name stands in; kept, and counted anew when issues or names change."""
    published = Briefing.objects.published()
    state = published.aggregate(count=Count("pk"), changed=Max("changed_at"))
    newest = ItemName.objects.aggregate(newest=Max("pk"))["newest"]
    key = f"names-{state['count']}-{state['changed'] and state['changed'].timestamp()}-{newest}-{version()}"
    found = cache.get(key)
    if found is None:
        rows = ItemName.objects.readable().values_list("name").annotate(Count("pk")).order_by()
        found = dict(rows)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _wanted(words: str, kind: str) -> Any:
    wanted = Name.objects.public()
    if kind:
        wanted = wanted.filter(kind=kind)
    if words:
        spelled = Q(aliases__key__contains=key_of(words)) if key_of(words) else Q()
        wanted = wanted.filter(Q(label__icontains=words) | Q(label_en__icontains=words) | spelled).distinct()
    return wanted


def _ordered(wanted: Any, counts: dict[int, int]) -> list[Name]:
    found = list(wanted.filter(pk__in=counts))
    for one in found:
        one.published = counts[one.pk]
    return sorted(found, key=lambda one: (-one.published, one.label.casefold()))


def _course(found: Name) -> Course | None:
    """Its share of the items of every issue since it first appeared."""
    rows = ItemName.objects.readable().filter(name=found).values_list("item__briefing__date").annotate(Count("pk"))
    counts = tally(list(rows.order_by()))
    issues = Briefing.objects.published().filter(date__gte=min(counts)).annotate(count=Count("items"))
    totals: Counter[date] = Counter(dict(issues.values_list("date", "count")))
    return course(periods(list(totals)), counts, totals)


def _related(found: Name) -> list[Name]:
    """Names that stand in the same items, the most often first."""
    rows = ItemName.objects.readable().filter(item__named__name=found).exclude(name=found)
    counts = dict(rows.values_list("name").annotate(together=Count("pk")).order_by("-together", "name")[:RELATED])
    there = Name.objects.in_bulk(counts)
    for key, one in there.items():
        one.together = counts[key]  # type: ignore[attr-defined]
    return [there[key] for key in counts]


def _topics(found: Name) -> list[Topic]:
    about = Count("items", filter=Q(items__named__name=found, items__briefing__published_at__isnull=False))
    return list(Topic.objects.annotate(about=about).filter(about__gt=0).order_by("-about", "position")[:6])


def _spellings(found: Name) -> list[str]:
    other = [alias.text for alias in found.aliases.all() if not alias.is_pattern]
    return [text for text in other if text.casefold() not in (found.label.casefold(), found.label_en.casefold())][:12]
