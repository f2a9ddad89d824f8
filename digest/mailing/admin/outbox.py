"""The outbox at the desk: the letters of a site without a relay, as text; nothing of them is run or loaded."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest import mail

if TYPE_CHECKING:
    from digest.mailing.admin.mailings import MailingAdmin

View = Callable[..., HttpResponse]
A_PAGE = 50
SHOWN_HEADERS = ("Subject", "From", "To", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")


def urls(desk: "MailingAdmin") -> list[URLPattern]:
    def guarded(view: View) -> Callable[..., HttpResponseBase]:
        @never_cache
        @require_safe
        def looked_at(request: HttpRequest, **kwargs: str) -> HttpResponse:
            if not may_read(request):
                raise PermissionDenied
            return view(desk, request, **kwargs)

        return desk.admin_site.admin_view(looked_at)

    return [
        path("outbox/", guarded(_list), name="mailing_outbox"),
        path("outbox/<str:name>/", guarded(_show), name="mailing_outbox_letter"),
        path("outbox/<str:name>/eml/", guarded(_download), name="mailing_outbox_eml"),
    ]


def may_read(request: HttpRequest) -> bool:
    """Letters are personal data and hold their readers' links, so they take a permission of their own."""
    return request.user.has_perm("mailing.view_outbox")


def _list(desk: "MailingAdmin", request: HttpRequest) -> HttpResponse:
    page = Paginator(mail.outbox(), A_PAGE).get_page(request.GET.get("p"))
    letters = [{"name": file.name, "letter": _read(file, headers_only=True)} for file in page.object_list]
    context = {"title": gettext("发件箱"), "page": page, "letters": letters, "has_relay": bool(settings.EMAIL_URL)}
    return render(request, "mailing/admin/outbox.html", desk.admin_site.each_context(request) | context)


def _show(desk: "MailingAdmin", request: HttpRequest, name: str) -> HttpResponse:
    letter = _read(_file(name))
    text = letter.get_body(("plain",))
    context = {
        "title": letter["Subject"] or gettext("无主题"),
        "name": name,
        "headers": [(header, letter[header]) for header in SHOWN_HEADERS if letter[header]],
        "text": text.get_content() if text else "",
    }
    return render(request, "mailing/admin/letter.html", desk.admin_site.each_context(request) | context)


def _download(desk: "MailingAdmin", request: HttpRequest, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(_file(name).read_bytes(), content_type="message/rfc822", headers=headers)


def _file(name: str) -> Path:
    file = Path(settings.OUTBOX_DIR) / name
    if not mail.OUTBOX_NAME.fullmatch(name) or not file.is_file():
        raise Http404
    return file


def _read(file: Path, *, headers_only: bool = False) -> EmailMessage:
    content = file.read_bytes()
    if headers_only:
        content = content.partition(b"\r\n\r\n")[0]
    return email.message_from_bytes(content, policy=email.policy.default)
