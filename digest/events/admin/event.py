"""Stops at the desk: date, place, seats, and how full it is."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from digest.events.models import Event, Signup
from digest.events.signup import settle


@admin.register(Event)
class EventAdmin(admin.ModelAdmin[Event]):
    list_display = ["__str__", "starts_at", "state", "capacity", "signups_link"]
    list_filter = ["state", "tour", "city"]
    list_select_related = ["tour"]
    search_fields = ["city", "city_en", "venue", "address", "tour__name"]
    date_hierarchy = "starts_at"
    readonly_fields = ["capacity"]
    fieldsets = [
        (None, {"fields": ["tour", "position", ("city", "city_en"), "state"]}),
        (_("时间和地点"), {"fields": [("starts_at", "ends_at"), "venue", "address"]}),
        (_("座位"), {"fields": ["seats", "capacity"]}),
        (_("说明"), {"fields": ["audience", "prepare", "bring"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        waiting = Count("signups", filter=Q(signups__state=Signup.State.WAITING))
        interested = Count("signups", filter=Q(signups__state=Signup.State.INTERESTED))
        return super().get_queryset(request).annotate(waiting_total=waiting, interested_total=interested)

    @admin.display(description=_("已占 / 座位 · 候补 · 意向"))
    def capacity(self, event: Event) -> str:
        seats = "∞" if event.seats is None else event.seats
        waiting, interested = getattr(event, "waiting_total", 0), getattr(event, "interested_total", 0)
        return f"{event.taken} / {seats} · {waiting} · {interested}"

    @admin.display(description=_("报名"))
    def signups_link(self, event: Event) -> str:
        url = f"{reverse('admin:events_signup_changelist')}?event__id__exact={event.pk}"
        return format_html('<a href="{}">{}</a>', url, _("名单"))

    def save_model(self, request: HttpRequest, obj: Event, form: ModelForm[Event], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if moved := settle(obj.pk):
            self.message_user(request, ngettext("%d 位候补已递补。", "%d 位候补已递补。", moved) % moved)
