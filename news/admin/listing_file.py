"""A saved listing handed in for a source: for the kinds that no machine can ask any more, and for any other."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from news.models import BOXES, Source, Stage
from news.sources import KINDS, reasons
from news.sources.base import MAX_CHARACTERS, Entry, SourceError, read
from news.sources.inbox import Outcome
from news.sources.take import take
from news.tasks import ring


class ListingForm(forms.Form):
    file = forms.FileField(label=_("列表文件"), help_text=_("保存下来的列表网页（.html）或 JSON 文件，最大 5 MB。"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_CHARACTERS:
            raise forms.ValidationError(_("文件超过 5 MB。请只保存列表那一页。"))
        return file


def urls(site: AdminSite) -> list[URLPattern]:
    return [path("<int:pk>/listing/", site.admin_view(hand_in), name="news_source_listing")]


def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """GET the form; POST a file takes in its links and shows what became of each."""
    if not request.user.has_perm("news.change_source"):
        raise PermissionDenied
    source = get_object_or_404(Source.objects.exclude(kind__in=BOXES), pk=pk)
    form = ListingForm(request.POST or None, request.FILES or None)
    outcomes: list[tuple[Entry, Outcome]] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            outcomes = _take(source, form.cleaned_data["file"].read())
            ring(Stage.FOUND)
        except SourceError as error:
            words = reasons.words(str(error))
            form.add_error("file", _("%(what)s。%(advice)s") % {"what": words.what, "advice": words.advice})
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": Source._meta,
        "title": _("交一份列表文件"),
        "source": source,
        "form": form,
        "outcomes": outcomes,
    }
    return TemplateResponse(request, "admin/news/source/listing.html", context)


def _take(source: Source, body: bytes) -> list[tuple[Entry, Outcome]]:
    kind = KINDS[source.kind]
    listing = read(kind, body, url=source.address, options=source.options)
    return take(source, listing, is_ordered=False).outcomes
