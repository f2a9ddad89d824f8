"""已报道: an article or a draft's item beside what was printed, what is new since, and "not the same"."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from digest.briefings.models import Briefing, Item, Reported
from digest.briefings.reports import deny, dismiss
from news.models import Article


class Reports:
    """The views, in the urls of the issues' admin."""

    def __init__(self, desk: "admin.ModelAdmin[Briefing]") -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        wrap = self.desk.admin_site.admin_view
        return [
            path("reported/<int:pk>/", wrap(self.view), name="briefings_reported"),
            path("<int:pk>/candidates/deny/", wrap(self.deny_view), name="briefings_deny"),
        ]

    def view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows the two side by side; POST says that they are not the same."""
        _check(request)
        row = get_object_or_404(_rows(), pk=pk)
        if request.method == "POST":
            dismiss(row, request.user)  # type: ignore[arg-type]
            self.desk.log_change(request, row.item.briefing, _("第 %(n)s 条：不是同一件事") % {"n": row.item.position})
            self.desk.message_user(request, _("记住了：不是同一件事，以后不再提示。"), messages.SUCCESS)
            return redirect(
                "admin:briefings_briefing_change", row.later.briefing_id if row.later else row.item.briefing_id
            )
        context: dict[str, Any] = {
            **self.desk.admin_site.each_context(request),
            "opts": self.desk.opts,
            "title": _("往期已报道"),
            "briefing": row.later.briefing if row.later else None,
            "reported": row,
        }
        return TemplateResponse(request, "admin/briefings/briefing/reported.html", context)

    def deny_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """From the list of candidates: this article is not what that item told."""
        _check(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        briefing = get_object_or_404(Briefing, pk=pk)
        article, _dash, item = request.POST.get("deny", "").partition("-")
        if not (article.isdecimal() and item.isdecimal()):
            return redirect("admin:briefings_briefing_candidates", briefing.pk)
        printed = get_object_or_404(Item, pk=int(item))
        deny(get_object_or_404(Article, pk=int(article)), printed, request.user)  # type: ignore[arg-type]
        self.desk.log_change(request, printed.briefing, _("第 %(n)s 条：不是同一件事") % {"n": printed.position})
        self.desk.message_user(request, _("记住了：不是同一件事，以后不再提示。"), messages.SUCCESS)
        return redirect("admin:briefings_briefing_candidates", briefing.pk)


def _rows() -> QuerySet[Reported]:
    return Reported.objects.select_related("item__briefing", "later__briefing", "article", "dismissed_by")


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("briefings.change_briefing"):
        raise PermissionDenied
