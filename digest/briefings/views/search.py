"""The search page, and what its box offers while somebody types."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest.briefings.search import find
from digest.briefings.search.suggest import suggestions
from digest.network import network

MOST_A_MINUTE = 120  # of one network; a quick typist needs twenty


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    result = find(request.GET.get("q", ""), request.GET.dict())
    return render(request, "briefings/search.html", {"result": result})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """`?q=` → {"suggestions": [{"text", "kind", "url"}]}; 429 for who asks more than anybody types."""
    if _asks_too_often(request):
        return JsonResponse({"suggestions": []}, status=429)
    answer = JsonResponse({"suggestions": suggestions(request.GET.get("q", ""))})
    answer["Cache-Control"] = "private, max-age=60"
    answer["Vary"] = "Accept-Language, Cookie"
    return answer


def _asks_too_often(request: HttpRequest) -> bool:
    key = f"suggest-asked-{network(request)}"
    if cache.add(key, 1, 60):
        return False
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # forgotten between the two
        return False
