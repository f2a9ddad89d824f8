"""The desk's page of deliveries: which letter is in which state, why, and what a person may do about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from digest.mailing import takeback
from digest.mailing.admin.may import may_send
from digest.mailing.models import Delivery

ANSWERS: dict[str, Callable[[Delivery], bool]] = {"sent": takeback.was_sent, "again": takeback.send_again}


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    list_display = ["subscriber", "mailing", "state", "attempts", "due_at", "sent_at", "error"]
    list_filter = ["state", "mailing"]
    list_select_related = ["subscriber", "mailing"]
    search_fields = ["subscriber__email", "message_id"]
    fields = readonly_fields = (
        *("mailing", "subscriber", "state", "attempts", "due_at", "sent_at", "message_id", "error"),
    )
    actions = ["mark_sent", "send_again"]
    change_form_template = "mailing/admin/delivery.html"
    list_per_page = 100
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        settle = self.admin_site.admin_view(require_POST(self.settle))
        return [path("<int:pk>/settle/", settle, name="mailing_delivery_settle"), *super().get_urls()]

    def settle(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A person says how an unknown delivery ended."""
        if not may_send(request):
            raise PermissionDenied
        delivery = get_object_or_404(Delivery, pk=pk)
        answer = request.POST.get("answer", "")
        if answer in ANSWERS and ANSWERS[answer](delivery):
            self.log_change(request, delivery, f"settled: {answer}")
            messages.success(request, gettext("已记录。"))
        else:
            messages.warning(request, gettext("这条投递的状态已经变了，没有改动。"))
        return redirect("admin:mailing_delivery_change", pk)

    @admin.action(description=_("确认已送达（仅限“不确定”）"), permissions=["send"])
    def mark_sent(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        self._settle_all(request, chosen, "sent")

    @admin.action(description=_("再寄一次（仅限“不确定”和“失败”）"), permissions=["send"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        self._settle_all(request, chosen, "again")

    def _settle_all(self, request: HttpRequest, chosen: QuerySet[Delivery], answer: str) -> None:
        settled = [delivery for delivery in chosen if ANSWERS[answer](delivery)]
        for delivery in settled:
            self.log_change(request, delivery, f"settled: {answer}")
        messages.success(request, gettext("已处理 %(count)d 条投递。") % {"count": len(settled)})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        kwargs["extra_context"] = {"show_save": False, "show_save_and_continue": False, "may_send": may_send(request)}
        return super().change_view(request, object_id, *args, **kwargs)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return may_send(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # without the row a second copy could be sent
