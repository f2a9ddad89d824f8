"""The desk's page of mailings: how far each is, and Send, Pause, Resume; the outbox; a test letter to oneself."""

import smtplib
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from digest.briefings.models import Briefing
from digest.mailing import compose, start, takeback
from digest.mailing.admin import outbox
from digest.mailing.admin.may import may_send
from digest.mailing.freeze import freeze
from digest.mailing.models import Delivery, Mailing

State = Mailing.State


@admin.register(Mailing)
class MailingAdmin(admin.ModelAdmin[Mailing]):
    list_display = ["__str__", "state", "progress", "why", "started_at"]
    list_filter = ["state"]
    fields = readonly_fields = ("briefing", "state", "why", "progress", "started_at", "started_by", "created_at")
    change_list_template = "mailing/admin/mailings.html"
    change_form_template = "mailing/admin/mailing.html"
    ordering = ["-briefing__date"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mailing]:
        return Mailing.objects.with_counts().select_related("briefing", "started_by")

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/steer/", guarded(require_POST(self.steer)), name="mailing_mailing_steer"),
            path("test/", guarded(self.test_letter), name="mailing_mailing_test"),
            *outbox.urls(self),
            *super().get_urls(),
        ]

    @admin.display(description=_("进度"))
    def progress(self, mailing: Any) -> str:
        counted = ((label, getattr(mailing, f"n_{state}")) for state, label in Delivery.State.choices)
        return " · ".join(f"{label} {number}" for label, number in counted if number) or gettext("尚无收件人")

    @admin.display(description=_("原因"))
    def why(self, mailing: Mailing) -> str:
        """Our own reasons are stored in Chinese and said in the editor's language; a relay's words stay its own."""
        return gettext(mailing.reason) if mailing.reason else ""

    def steer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send what is held, pause what runs, resume what is paused."""
        if not may_send(request):
            raise PermissionDenied
        mailing = get_object_or_404(Mailing, pk=pk)
        order = request.POST.get("order", "")
        if _obey(mailing, order, request.user):  # type: ignore[arg-type]
            self.log_change(request, mailing, f"steered: {order}")
            messages.success(request, gettext("已执行。"))
        else:
            messages.warning(request, gettext("状态已经变了，没有改动。"))
        return redirect("admin:mailing_mailing_change", pk)

    def test_letter(self, request: HttpRequest) -> HttpResponse:
        """Any briefing, drafts too, to the editor's own address and to nobody else."""
        if not may_send(request):
            raise PermissionDenied
        address = _own_address(request)
        if request.method == "POST" and address:
            chosen = request.POST.get("briefing", "")[:18]
            briefing = get_object_or_404(Briefing, pk=int(chosen) if chosen.isdecimal() else 0)
            try:
                compose.compose_test(freeze(briefing), address).send()
                messages.success(request, gettext("测试信已寄往 %(address)s。") % {"address": address})
            except (smtplib.SMTPException, OSError) as trouble:
                messages.error(request, gettext("没有寄出：%(trouble)s") % {"trouble": trouble})
            return redirect("admin:mailing_mailing_test")
        context = {"title": gettext("寄一封测试信"), "briefings": Briefing.objects.newest_first()[:30], "to": address}
        return render(request, "mailing/admin/test.html", self.admin_site.each_context(request) | context)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        kwargs["extra_context"] = {"show_save": False, "show_save_and_continue": False, "may_send": may_send(request)}
        return super().change_view(request, object_id, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may = {"may_send": may_send(request), "may_read_outbox": outbox.may_read(request)}
        return super().changelist_view(request, {**(extra_context or {}), **may})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the post takes up published briefings by itself

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a briefing without its mailing would be posted once more


def _own_address(request: HttpRequest) -> str:
    """Where nothing leaves the house an editor needs no real address."""
    given = getattr(request.user, "email", "")
    return given or ("" if settings.EMAIL_URL else f"{request.user.get_username()}@localhost")


def _obey(mailing: Mailing, order: str, by: User) -> bool:
    if order == "send":
        return start.release(mailing, by)
    if order == "resume":
        return takeback.resume(mailing)
    running = Mailing.objects.filter(pk=mailing.pk, state=State.RUNNING)
    return order == "pause" and bool(running.update(state=State.PAUSED, reason=""))
