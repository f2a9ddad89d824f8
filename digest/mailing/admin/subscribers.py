"""The desk's page of subscribers. Their secrets are not shown, and nobody is added here: consent is given by mail."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digest.mailing import subscribe
from digest.mailing.models import Consent, Subscriber


class ConsentInline(admin.TabularInline[Consent, Subscriber]):
    model = Consent
    extra = 0
    fields = readonly_fields = ("at", "act", "way")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin[Subscriber]):
    list_display = ["email", "status", "language", "paused", "is_blocked", "asked_at", "confirmed_at"]
    list_filter = ["status", "is_blocked", "language", "topics"]
    search_fields = ["email", "handle"]  # the handle stands in the subject of a mail that asks to be unsubscribed
    readonly_fields = ["email", "status", "office", "paused_until", "asked_at", "confirmed_at", "unsubscribed_at"]
    fields = [*readonly_fields, "topics", "language", "is_blocked"]
    filter_horizontal = ["topics"]
    inlines = [ConsentInline]
    actions = ["unsubscribe"]
    list_per_page = 100
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("暂停"), boolean=True)
    def paused(self, subscriber: Subscriber) -> bool:
        return subscriber.is_paused

    @admin.display(description=_("公用邮箱"), boolean=True)
    def office(self, subscriber: Subscriber) -> bool:
        return subscriber.is_role

    @admin.action(description=_("退订所选的订阅者"), permissions=["change"])
    def unsubscribe(self, request: HttpRequest, chosen: QuerySet[Subscriber]) -> None:
        done = sum(subscribe.unsubscribe(subscriber, way="desk") for subscriber in chosen)
        messages.success(request, gettext("已退订 %(count)d 个地址。") % {"count": done})
