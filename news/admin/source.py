"""Sources and hosts on the desk."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news import tasks
from news.admin import handin, host, inbox, listing_file, opml, source_health
from news.admin.source_form import SourceForm, fields_of, form_for
from news.admin.source_preview import Preview
from news.models import TIPS, Host, Source
from news.sources import KINDS, health

# What the form may change. The rest is the poller's, which may be at work meanwhile.
ENTERED = ["name", "address", "is_active", "options", "cadence"]
AFRESH = {"etag": "", "modified": "", "failures": 0, "error": "", "worked_at": None, "alerted_at": None}


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ["name", "kind_label", "state", "worked_at", "found_at", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "address"]
    change_form_template = "admin/news/source/change_form.html"
    change_list_template = "admin/news/source/change_list.html"

    @admin.display(description=_("类型"), ordering="kind")
    def kind_label(self, source: Source) -> str:
        return str(KINDS[source.kind].label) if source.kind in KINDS else source.kind

    @admin.display(description=_("健康"))
    def state(self, source: Source) -> str:
        return health.of(source).state_label if source.kind in KINDS and KINDS[source.kind].is_polled else "—"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return health.with_recent_leads(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        own = [urls(self.admin_site) for urls in (inbox.urls, handin.urls, source_health.urls, opml.urls)]
        return [*(url for urls in own for url in urls), *listing_file.urls(self.admin_site), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        kind = _kind(request, obj)
        return [(KINDS[kind].label, {"fields": fields_of(kind), "description": KINDS[kind].help})]

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=form_for(_kind(request, obj)), **kwargs)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The kind first: the fields depend on it."""
        if request.GET.get("kind") not in KINDS:
            if not self.has_add_permission(request):
                raise PermissionDenied
            kinds = [(name, kind) for name, kind in KINDS.items() if name != TIPS]
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("加一个来源"),
                "kinds": kinds,
            }
            return TemplateResponse(request, "admin/news/source/kinds.html", context)
        return super().add_view(request, form_url, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and "_try" in request.POST:
            return self._try(request, object_id)  # outside the transaction that Django opens for saving
        source = self.get_object(request, unquote(object_id)) if object_id else None
        shown = {"health": health.of(source)} if source is not None and KINDS[_kind(request, source)].is_polled else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def save_model(self, request: HttpRequest, obj: Source, form: SourceForm, change: bool) -> None:
        if not change:
            obj.save()
        elif form.asks_otherwise:
            for name, value in {**AFRESH, "next_at": timezone.now()}.items():
                setattr(obj, name, value)
            obj.save(update_fields=[*ENTERED, *AFRESH, "next_at"])
        else:
            obj.save(update_fields=ENTERED)
        tasks.ring_for_sources()

    def _try(self, request: HttpRequest, object_id: str | None) -> HttpResponse:
        """What the source as entered would bring; nothing is stored."""
        source = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and source is None:
            raise Http404
        if not (self.has_change_permission(request, source) if source else self.has_add_permission(request)):
            raise PermissionDenied
        form = self.get_form(request, source, change=source is not None)(request.POST, instance=source)
        preview = Preview.of(form) if form.is_valid() else None
        shown = helpers.AdminForm(form, list(self.get_fieldsets(request, source)), {}, (), model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": _("试一试"),
            "adminform": shown,
            "errors": helpers.AdminErrorList(form, []),
            "inline_admin_formsets": [],
            "media": self.media + shown.media,
            "original": source,
            "object_id": object_id,
            "is_popup": False,
            "preview": preview,
        }
        return self.render_change_form(request, context, add=source is None, change=source is not None, obj=source)


def _kind(request: HttpRequest, source: Source | None) -> str:
    kind = source.kind if source else request.GET.get("kind", "")
    return kind if kind in KINDS else "inbox"


@admin.register(Host)
class HostAdmin(admin.ModelAdmin[Host]):
    list_display = ["name", host.rest, "pace", "walls", "robots_status", "robots_at"]
    actions = [host.reopen]
    readonly_fields = ["name", "next_at", "busy_until", "walls", "robots_status", "robots_text", "robots_at"]
    fields = ["name", "pace", "next_at", "busy_until", "walls", "robots_status", "robots_at", "robots_text"]
    search_fields = ["name"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        own = host.pace_field() if db_field.name == "pace" else None
        return own or super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
