"""The trainings at the desk: tours with their stops, who signed up, and how far each offer has come."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from digest.events.export import csv_response
from digest.events.models import Event, Offer, Signup, Tour
from digest.events.signup import cancel, settle


class EventInline(admin.StackedInline):
    model = Event
    extra = 0
    classes = ["collapse"]
    show_change_link = True
    fields = [("city", "city_en", "position"), ("starts_at", "ends_at", "state"), ("venue", "address"), "seats"]


@admin.register(Tour)
class TourAdmin(admin.ModelAdmin):
    list_display = ["name", "stop_count", "is_open", "is_sample", "created_at"]
    list_filter = ["is_open", "is_sample"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["briefings"]
    inlines = [EventInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tour]:
        return super().get_queryset(request).annotate(stop_total=Count("events"))

    @admin.display(description=_("站数"))
    def stop_count(self, tour: Tour) -> int:
        return tour.stop_total  # type: ignore[attr-defined,no-any-return]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for event in [*formset.new_objects, *(event for event, _fields in formset.changed_objects)]:
            settle(event.pk)


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
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

    @admin.display(description=_("已占 / 座位，候补，意向"))
    def capacity(self, event: Event) -> str:
        seats = "∞" if event.seats is None else event.seats
        waiting, interested = getattr(event, "waiting_total", 0), getattr(event, "interested_total", 0)
        return f"{event.taken} / {seats}，{waiting}，{interested}"

    @admin.display(description=_("报名"))
    def signups_link(self, event: Event) -> str:
        url = f"{reverse('admin:events_signup_changelist')}?event__id__exact={event.pk}"
        return format_html('<a href="{}">{}</a>', url, _("名单"))

    def save_model(self, request: HttpRequest, obj: Event, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if moved := settle(obj.pk):
            self.message_user(request, ngettext("%d 位候补已递补。", "%d 位候补已递补。", moved) % moved)


@admin.register(Signup)
class SignupAdmin(admin.ModelAdmin):
    list_display = ["number", "name", "company", "email", "event", "state", "created_at", "mail_sent_at"]
    list_display_links = ["number", "name"]
    list_filter = ["state", "event__tour", "event"]
    list_select_related = ["event__tour"]
    search_fields = ["name", "email", "company"]
    readonly_fields = ["event", "number", "state", "email", "created_at", "cancelled_at", "mail_due_at", "mail_sent_at"]
    fields = [*readonly_fields, "name", "company", "phone", "note"]
    actions = ["cancel_signups", "export_csv"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people sign up on the stop's page, also at the desk: one way to a seat

    @admin.action(description=_("取消所选报名（空出的座位自动递补）"), permissions=["change"])
    def cancel_signups(self, request: HttpRequest, queryset: QuerySet[Signup]) -> None:
        done = sum(cancel(signup) for signup in queryset)
        self.message_user(request, ngettext("取消了 %d 个报名。", "取消了 %d 个报名。", done) % done)

    @admin.action(description=_("导出 CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Signup]) -> HttpResponse:
        names = ["number", "state", "name", "company", "email", "phone", "note", "created_at"]
        header = [str(_("活动")), *(str(Signup._meta.get_field(name).verbose_name) for name in names)]
        return csv_response("signups.csv", header, (_csv_row(signup) for signup in queryset))

    def delete_model(self, request: HttpRequest, obj: Signup) -> None:
        cancel(obj)  # so that the seat goes to the next in line
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Signup]) -> None:
        for signup in queryset:
            cancel(signup)
        super().delete_queryset(request, queryset)


def _csv_row(signup: Signup) -> list[object]:
    made = timezone.localtime(signup.created_at).strftime("%Y-%m-%d %H:%M")
    person = [signup.name, signup.company, signup.email, signup.phone, signup.note]
    return [signup.event, signup.number, signup.get_state_display(), *person, made]


def _mark(state: Offer.State) -> Callable[..., None]:
    @admin.action(description=format_lazy(_("标为“{state}”"), state=state.label), permissions=["change"])
    def action(desk: "OfferAdmin", request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        done = queryset.update(state=state)
        desk.message_user(request, ngettext("更新了 %d 条。", "更新了 %d 条。", done) % done, messages.SUCCESS)

    action.__name__ = f"mark_{state}"
    return action


@admin.register(Offer)
class OfferAdmin(admin.ModelAdmin):
    list_display = ["created_at", "kind", "state", "city", "name", "organisation", "contact", "tour"]
    list_display_links = ["created_at", "name"]
    list_filter = ["state", "kind", "tour", "city"]
    list_select_related = ["tour"]
    search_fields = ["name", "organisation", "contact", "city", "message"]
    readonly_fields = ["tour", "kind", "created_at"]
    actions = [_mark(state) for state in Offer.State if state != Offer.State.NEW]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
