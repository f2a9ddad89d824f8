"""Offers at the desk: new, talked, agreed, thanked or declined."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from digest.events.models import Offer


def _mark(state: Offer.State) -> Callable[..., None]:
    @admin.action(description=format_lazy(_("标为“{state}”"), state=state.label), permissions=["change"])
    def action(desk: "OfferAdmin", request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        done = queryset.update(state=state)
        desk.message_user(request, ngettext("更新了 %d 条。", "更新了 %d 条。", done) % done, messages.SUCCESS)

    action.__name__ = f"mark_{state}"
    return action


@admin.register(Offer)
class OfferAdmin(admin.ModelAdmin[Offer]):
    list_display = ["created_at", "kind", "state", "city", "name", "organisation", "contact", "tour"]
    list_display_links = ["created_at", "name"]
    list_filter = ["state", "kind", "tour", "city"]
    list_select_related = ["tour"]
    search_fields = ["name", "organisation", "contact", "city", "message"]
    readonly_fields = ["tour", "kind", "created_at"]
    actions = [_mark(state) for state in Offer.State if state != Offer.State.NEW]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
