"""What every page knows: the site's name and address, and which part of it the reader is in. No database here."""

from django.conf import settings
from django.http import HttpRequest

SECTIONS = {
    **dict.fromkeys(("home", "briefing", "item"), "home"),
    **dict.fromkeys(("archive", "archive_year", "archive_month"), "archive"),
    **dict.fromkeys(("topics", "topic", "names", "name", "trends"), "topics"),
    **dict.fromkeys(("subscribe", "confirm", "preferences", "unsubscribe"), "subscribe"),
    "search": "search",
}


def site(request: HttpRequest) -> dict[str, str]:
    return {
        "site_name": settings.SITE_NAME,
        "publisher": settings.PUBLISHER,
        "site_url": settings.SITE_URL,
        "canonical": settings.SITE_URL + request.path,
        "section": _section(request),
    }


def _section(request: HttpRequest) -> str:
    name = (request.resolver_match.url_name if request.resolver_match else "") or ""
    return SECTIONS.get(name, "events" if "event" in name else "")
