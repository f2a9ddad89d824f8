"""How topics and names rise and fall."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest.briefings.trends import ISSUES, trends


@require_safe
def trends_page(request: HttpRequest) -> HttpResponse:
    return render(request, "briefings/trends.html", {"trends": trends(), "most": ISSUES})
