"""Sources on the desk, and the link inbox."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from news.models import Host, Source, Stage
from news.sources import KINDS
from news.sources.inbox import Outcome, paste
from news.tasks import ring


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("粘贴任何文字"),
        max_length=200_000,
        help_text=_("群聊记录、Markdown、网页源码都可以；其中的链接会被找出、规整、去重。"),
        widget=forms.Textarea(attrs={"rows": 12, "class": "desk-paste", "autofocus": True}),
    )


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ["name", "kind_label", "is_active", "is_sample"]
    fields = ["name", "kind", "address", "is_active"]

    @admin.display(description=_("类型"), ordering="kind")
    def kind_label(self, source: Source) -> str:
        return str(KINDS.get(source.kind, source.kind))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind":
            return forms.ChoiceField(label=_("类型"), choices=KINDS.items())
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        return [path("inbox/", self.admin_site.admin_view(self.inbox_view), name="news_inbox"), *super().get_urls()]

    def inbox_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PasteForm(request.POST or None)
        outcomes: list[Outcome] | None = None
        if request.method == "POST" and form.is_valid():
            outcomes = paste(form.cleaned_data["text"], by=request.user)  # type: ignore[arg-type]
            ring(Stage.FOUND)
            form = PasteForm()
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("链接收件箱"),
            "form": form,
            "outcomes": outcomes,
        }
        return TemplateResponse(request, "admin/news/inbox.html", context)


@admin.register(Host)
class HostAdmin(admin.ModelAdmin[Host]):
    list_display = ["name", "next_at", "busy_until", "walls"]
    readonly_fields = ["name", "next_at", "busy_until", "walls"]
    search_fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
