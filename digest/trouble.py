"""What a visitor sees where a request fails: "back in a moment" in an outage, "our fault" otherwise."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from news.outages import DATABASE, DISK, outage_of

RETRY_AFTER_SECONDS = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with Retry-After while the database does not answer or the disk is full; else 500."""
    if outage_of(sys.exc_info()[1]) not in (DATABASE, DISK):
        return defaults.server_error(request)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
