"""Pages about the site itself: for readers, for feed readers and for search engines."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from digest import sender
from digest.briefings.models import Briefing, Item
from digest.briefings.views.names import counted as counted_names
from digest.briefings.views.topics import counted
from news.models import Name

URLS_A_SITEMAP = 50_000  # https://www.sitemaps.org/protocol.html


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    try:
        address = sender.address(settings.DEFAULT_FROM_EMAIL)
    except ValueError:
        address = ""  # `manage.py check` names it
    return render(request, "briefings/about.html", {"contact": "" if address.endswith("@localhost") else address})


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    return render(request, "briefings/feeds.html", {"topics": counted()})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    issues = Briefing.objects.published().newest_first()[: URLS_A_SITEMAP // 5]
    items = Item.objects.published().select_related("briefing").defer("search", "text", "machine_text")
    context = {
        "issues": issues,
        "items": items.order_by("-briefing__date", "position")[: URLS_A_SITEMAP // 2],
        "topics": counted(),
        "names": Name.objects.public().filter(pk__in=counted_names()).only("slug")[: URLS_A_SITEMAP // 5],
    }
    return render(request, "briefings/sitemap.xml", context, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "briefings/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by habit, whatever the page names."""
    return redirect(static("icons/favicon.svg"))
