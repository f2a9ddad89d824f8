"""Who signed up, at the desk: lists, CSV, cancelling on somebody's behalf."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from digest.events.export import csv_response
from digest.events.models import Event, Signup
from digest.events.signup import cancel, confirm


class StopFilter(admin.RelatedFieldListFilter):
    """The stops by name, in one query: a stop's name holds its tour's."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(event.pk), str(event)) for event in Event.objects.select_related("tour")]


@admin.register(Signup)
class SignupAdmin(admin.ModelAdmin[Signup]):
    list_display = [
        "number",
        "name",
        "company",
        "email",
        "event",
        "state",
        "confirmed_at",
        "created_at",
        "mail_sent_at",
    ]
    list_display_links = ["number", "name"]
    list_filter = ["state", "event__tour", ("event", StopFilter)]
    list_select_related = ["event__tour"]
    search_fields = ["name", "email", "company"]
    readonly_fields = ["event", "number", "state", "email", "created_at", "confirmed_at", "cancelled_at"]
    readonly_fields += ["mail_due_at", "mail_sent_at"]
    fields = [*readonly_fields, "name", "company", "phone", "note"]
    actions = ["confirm_signups", "cancel_signups", "export_csv"]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("events.export_signup")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people sign up on the stop's page, also at the desk: one way to a seat

    @admin.action(description=_("代为确认所选报名"), permissions=["change"])
    def confirm_signups(self, request: HttpRequest, queryset: QuerySet[Signup]) -> None:
        done = sum(confirm(signup) for signup in queryset)
        self.message_user(request, ngettext("确认了 %d 个报名。", "确认了 %d 个报名。", done) % done)

    @admin.action(description=_("取消所选报名（空出的座位自动递补）"), permissions=["change"])
    def cancel_signups(self, request: HttpRequest, queryset: QuerySet[Signup]) -> None:
        done = sum(cancel(signup) for signup in queryset)
        self.message_user(request, ngettext("取消了 %d 个报名。", "取消了 %d 个报名。", done) % done)

    @admin.action(description=_("导出 CSV"), permissions=["export"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Signup]) -> HttpResponse:
        names = ["number", "state", "name", "company", "email", "phone", "note", "created_at", "confirmed_at"]
        header = [capfirst(str(label)) for label in (_("活动"), *(label_for_field(name, Signup) for name in names))]
        return csv_response("signups.csv", header, (_csv_row(signup) for signup in queryset))

    def delete_model(self, request: HttpRequest, obj: Signup) -> None:
        cancel(obj)  # so that the seat goes to the next in line
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Signup]) -> None:
        for signup in queryset:
            cancel(signup)
        super().delete_queryset(request, queryset)


def _csv_row(signup: Signup) -> list[object]:
    made, confirmed = (
        timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
        for moment in (signup.created_at, signup.confirmed_at)
    )
    person = [signup.name, signup.company, signup.email, signup.phone, signup.note]
    return [signup.event, signup.number, signup.get_state_display(), *person, made, confirmed]
