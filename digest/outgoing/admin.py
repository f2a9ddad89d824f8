"""The desk's page of holds: what was found, what to check, and the button that lets mail go on."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from digest.outgoing import sequence
from digest.outgoing.models import MailHold


@admin.register(MailHold)
class MailHoldAdmin(admin.ModelAdmin[MailHold]):
    list_display = ["__str__", "reason", "letters", "letters_recorded", "released_at", "released_by"]
    fields = readonly_fields = (
        *("reason", "machine", "letters", "letters_recorded"),
        *("found_at", "released_at", "released_by"),
    )
    change_form_template = "outgoing/hold.html"

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        release = path("<uuid:pk>/release/", guarded(require_POST(self.release)), name="outgoing_mailhold_release")
        return [release, *super().get_urls()]

    def release(self, request: HttpRequest, pk: Any) -> HttpResponse:
        if not _may_release(request):
            raise PermissionDenied
        hold = get_object_or_404(MailHold, pk=pk)
        if sequence.release(hold, request.user):  # type: ignore[arg-type]
            self.log_change(request, hold, "released")
            messages.success(request, gettext("已放行；停住的群发请逐个查看后继续。"))
        else:
            messages.warning(request, gettext("状态已经变了，没有改动。"))
        return redirect("admin:outgoing_mailhold_change", pk)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        kwargs["extra_context"] = {"may_release": _may_release(request)}
        return super().change_view(request, object_id, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a machine remembers its hold until it is released


def _may_release(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("outgoing.release_mail"))
