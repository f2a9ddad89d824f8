"""失效的原文: the published items whose link is gone, and what each could point to instead."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from digest.briefings import links
from digest.briefings.admin.may import may_correct
from digest.briefings.models import Briefing, Item

ITEMS_A_PAGE = 20


class Gone:
    """The two views, in the urls of the issues' admin."""

    def __init__(self, desk: "admin.ModelAdmin[Briefing]") -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        wrap = self.desk.admin_site.admin_view
        return [
            path("gone/", wrap(self.list_view), name="briefings_gone"),
            path("gone/<int:pk>/replace/", wrap(self.replace_view), name="briefings_replace"),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        _check(request)
        page = Paginator(links.ailing(), ITEMS_A_PAGE).get_page(request.GET.get("page"))
        found = links.offers(page.object_list)
        context: dict[str, Any] = {
            **self.desk.admin_site.each_context(request),
            "opts": self.desk.opts,
            "title": _("失效的原文"),
            "page": page,
            "rows": [(item, found[item.pk]) for item in page.object_list],
        }
        return TemplateResponse(request, "admin/briefings/briefing/gone.html", context)

    def replace_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Only what is on offer may be chosen: no address comes from the form."""
        _check(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        item = get_object_or_404(Item.objects.to_watch().select_related("briefing", "watch__article", "article"), pk=pk)
        chosen = request.POST.get("url", "")
        offer = next((one for one in links.offers([item])[item.pk] if one.url == chosen), None)
        if offer is None or not links.replace(item, offer):
            self.desk.message_user(request, _("没有换：这一条或可换的文章刚刚变了，请再看一次。"), messages.WARNING)
        else:
            self.desk.log_change(request, item.briefing, _("第 %(n)s 条换源") % {"n": item.position})
            self.desk.message_user(request, _("“%(headline)s”已换源") % {"headline": item.headline}, messages.SUCCESS)
        return redirect("admin:briefings_gone")


def _check(request: HttpRequest) -> None:
    if not (request.user.has_perm("briefings.change_item") and may_correct(request)):
        raise PermissionDenied
