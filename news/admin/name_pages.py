"""Three pages beside a name's own: merging names, splitting a spelling off, and the articles that speak of it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from news.models import Alias, Mention, Name
from news.names import edit
from news.names.fold import key_of

MENTIONS_A_PAGE = 50


class NamePages:
    """The views, in the urls of the names' admin."""

    def __init__(self, desk: "admin.ModelAdmin[Name]") -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        wrap = self.desk.admin_site.admin_view
        return [
            path("merge/", wrap(self.merge_view), name="news_name_merge"),
            path("split/<int:pk>/", wrap(self.split_view), name="news_name_split"),
            path("<int:pk>/mentions/", wrap(self.mentions_view), name="news_name_mentions"),
        ]

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """GET shows what was chosen; POST merges it into one of them, or into another name by any of its spellings."""
        _check(request)
        given = (request.POST if request.method == "POST" else request.GET).getlist("name")
        chosen = list(
            Name.objects.filter(pk__in=[key for key in given if key.isdecimal()])
            .exclude(state=Name.State.MERGED)
            .prefetch_related("aliases")
        )
        if request.method == "POST":
            try:
                target = _target(request, chosen)
                count = edit.merge(chosen, target)
            except edit.Refused as refused:
                self.desk.message_user(request, str(refused), messages.ERROR)
            else:
                self._log(request, target, _("并入了别的名称"))
                text = ngettext("%(n)d 个名称并入“%(name)s”", "%(n)d 个名称并入“%(name)s”", count)
                self.desk.message_user(request, text % {"n": count, "name": target}, messages.SUCCESS)
                return redirect("admin:news_name_change", target.pk)
        return self._page(request, "merge", _("合并名称"), chosen=chosen)

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _check(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        alias = get_object_or_404(Alias.objects.select_related("name"), pk=pk)
        before = alias.name
        try:
            name = edit.split(alias)
        except edit.Refused as refused:
            self.desk.message_user(request, str(refused), messages.ERROR)
            return redirect("admin:news_name_change", before.pk)
        self._log(request, before, _("拆出“%(text)s”") % {"text": alias.text})
        self.desk.message_user(request, _("“%(name)s”已单独成为一个名称") % {"name": name}, messages.SUCCESS)
        return redirect("admin:news_name_change", name.pk)

    def mentions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The articles; a POST says that one does not speak of it, or takes that back."""
        _check(request)
        name = get_object_or_404(Name, pk=pk)
        if request.method == "POST":
            mention = get_object_or_404(name.mentions, pk=request.POST.get("mention") or 0)
            (edit.give_back if mention.is_rejected else edit.take_away)(mention)
            self._log(request, name, _("改了文章“%(title)s”的归属") % {"title": mention.article})
            return redirect(request.get_full_path())
        rows = Mention.objects.filter(name=name).select_related("article").defer("article__html", "article__text")
        page = Paginator(rows.order_by("-article_id"), MENTIONS_A_PAGE).get_page(request.GET.get("page"))
        return self._page(request, "mentions", _("提到“%(name)s”的文章") % {"name": name}, name=name, page=page)

    def _page(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        context = {**self.desk.admin_site.each_context(request), "opts": self.desk.opts, "title": title, **more}
        return TemplateResponse(request, f"admin/news/name/{template}.html", context)

    def _log(self, request: HttpRequest, name: Name, what: str) -> None:
        self.desk.log_change(request, name, what)


def _target(request: HttpRequest, chosen: list[Name]) -> Name:
    """Another name by a spelling, where one was typed; else the chosen one that was marked."""
    typed = request.POST.get("other", "").strip()
    if typed:
        alias = Alias.objects.filter(key=key_of(typed)).select_related("name").first()
        if alias is None:
            raise edit.Refused(_("没有写作“%(text)s”的名称。") % {"text": typed})
        return alias.name
    marked = request.POST.get("target", "")
    target = next((name for name in chosen if str(name.pk) == marked), None)
    if target is None:
        raise edit.Refused(_("请选出要保留的名称。"))
    return target


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("news.change_name"):
        raise PermissionDenied
