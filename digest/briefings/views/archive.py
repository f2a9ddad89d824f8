"""Past issues, by year and month."""

from collections import Counter
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest.briefings.models import Briefing


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    years: dict[int, Counter[date]] = {}
    for day in Briefing.objects.published().newest_first().values_list("date", flat=True):
        years.setdefault(day.year, Counter())[day.replace(day=1)] += 1
    rows = [(year, months.total(), sorted(months.items(), reverse=True)) for year, months in years.items()]
    return render(request, "briefings/archive.html", {"years": rows})


@require_safe
def archive_year(request: HttpRequest, year: int) -> HttpResponse:
    return _period(request, year)


@require_safe
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    return _period(request, year, month)


def _period(request: HttpRequest, year: int, month: int | None = None) -> HttpResponse:
    if not 1 <= year <= 9999:
        raise Http404
    issues = Briefing.objects.published().newest_first().filter(date__year=year).prefetch_related("items")
    if month is not None:
        issues = issues.filter(date__month=month)
    found = list(issues)
    if not found:
        raise Http404
    context = {"year": year, "month": date(year, month, 1) if month else None, "issues": found}
    return render(request, "briefings/archive_period.html", context)
