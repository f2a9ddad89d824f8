"""Tours at the desk, each with its stops on one page."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from digest.events.models import Event, Tour
from digest.events.signup import settle


class EventInline(admin.StackedInline[Event, Tour]):
    model = Event
    extra = 0
    classes = ["collapse"]
    show_change_link = True
    fields = [("city", "city_en", "position"), ("starts_at", "ends_at", "state"), ("venue", "address"), "seats"]


@admin.register(Tour)
class TourAdmin(admin.ModelAdmin[Tour]):
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
        return tour.stop_total  # type: ignore[attr-defined]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for event in [*formset.new_objects, *(event for event, _fields in formset.changed_objects)]:
            settle(event.pk)
