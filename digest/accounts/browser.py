"""The mark of a browser that has logged in: a signed cookie, good for one user (OWASP, Device Cookies)."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from digest.accounts.attempts import folded

COOKIE = f"browser{settings.PORT}"
KEPT = timedelta(days=180)


def mark_of(request: HttpRequest, name: str) -> str:
    """The browser's mark if it has logged in as this user, else ""."""
    mark = request.get_signed_cookie(COOKIE, default="", salt=_salt(name), max_age=int(KEPT.total_seconds()))
    return mark or ""


def put_mark(request: HttpRequest, response: HttpResponse, name: str) -> None:
    mark = mark_of(request, name) or secrets.token_urlsafe(16)
    response.set_signed_cookie(
        COOKIE,
        mark,
        salt=_salt(name),
        max_age=int(KEPT.total_seconds()),
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _salt(name: str) -> str:
    return f"digest.accounts.browser:{folded(name)}"
