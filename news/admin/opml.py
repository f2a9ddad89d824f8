"""Sources as OPML: a file to take away, and a file to take in."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from news import tasks
from news.models import Source
from news.sources import opml, reasons
from news.sources.base import SourceError


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("OPML 文件"),
        help_text=_("别的阅读器导出的 OPML，或从这里导出的；已有的来源会跳过。最大 2 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".opml,.xml,text/xml,application/xml"}),
    )


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path("opml/", site.admin_view(take_in), name="news_opml"),
        path("opml/sources.opml", site.admin_view(take_away), name="news_opml_export"),
    ]


@require_safe
def take_away(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("news.view_source"):
        raise PermissionDenied
    data = opml.dump(Source.objects.filter(is_sample=False).order_by("name"))
    disposition = {"Content-Disposition": 'attachment; filename="sources.opml"'}
    return HttpResponse(data, content_type="text/x-opml; charset=utf-8", headers=disposition)


def take_in(request: HttpRequest) -> HttpResponse:
    """GET the form; POST a file shows what became of each of its sources."""
    if not request.user.has_perm("news.add_source"):
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None)
    outcomes: list[opml.Outcome] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            outcomes = opml.take_in(opml.load(form.cleaned_data["file"].read(opml.MAX_BYTES + 1)))
            tasks.ring_for_sources()
        except SourceError as error:
            words = reasons.words(str(error))
            form.add_error("file", _("%(what)s。%(advice)s") % {"what": words.what, "advice": words.advice})
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": Source._meta,
        "title": _("OPML 导入与导出"),
        "form": form,
        "outcomes": outcomes,
    }
    return TemplateResponse(request, "admin/news/source/opml.html", context)
