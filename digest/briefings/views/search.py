"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest.briefings.search import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    result = find(
        request.GET.get("q", ""),
        topic=request.GET.get("topic", ""),
        year=request.GET.get("year", ""),
        page=request.GET.get("page", "1"),
    )
    return render(request, "briefings/search.html", {"result": result})
