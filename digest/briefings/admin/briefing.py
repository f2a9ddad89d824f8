"""An issue on the desk: compose, edit, order, preview, publish."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest.briefings.admin.forms import BriefingForm, ComposeForm, ItemForm
from digest.briefings.admin.gone import Gone
from digest.briefings.admin.may import may_import, may_publish, may_touch
from digest.briefings.admin.past_issues import PastIssues
from digest.briefings.admin.reports import Reports
from digest.briefings.compose import add_items, candidates, compose, left_out
from digest.briefings.index import index
from digest.briefings.item_pictures import note_pictures
from digest.briefings.lint import lint
from digest.briefings.models import Briefing, Item
from digest.briefings.order import renumber
from digest.briefings.views import issue_page
from news.models import Article


class ItemInline(admin.StackedInline[Item, Briefing]):
    model = Item
    form = ItemForm
    extra = 0
    ordering = ["position", "id"]
    view_on_site = False
    raw_id_fields = ["article"]
    readonly_fields = ["is_machine_made", "link_state"]
    fields = [
        *("position", "headline", "text", "is_machine_made", "url", "link_state"),
        *("source_name", "notice", "topics", "article"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        return super().get_queryset(request).select_related("article", "watch").prefetch_related("topics")

    @admin.display(description=gettext_lazy("原文状态"))
    def link_state(self, item: Item) -> str:
        """How the published link fares, and where it pointed first."""
        replaced = [_("换源前：%(url)s") % {"url": item.replaced_url}] if item.replaced_url else []
        state = [item.watch.get_state_display()] if item.watch else []
        return " · ".join([*state, *replaced]) or "—"


@admin.register(Briefing)
class BriefingAdmin(admin.ModelAdmin[Briefing]):
    form = BriefingForm
    inlines = [ItemInline]
    list_display = ["title", "item_count", "state", "published_at", "changed_at", "is_sample"]
    list_filter = ["is_sample", "is_imported", ("published_at", admin.EmptyFieldListFilter)]
    date_hierarchy = "date"
    search_fields = ["items__headline"]
    change_list_template = "admin/briefings/briefing/change_list.html"
    change_form_template = "admin/briefings/briefing/change_form.html"

    def view_on_site(self, briefing: Briefing) -> str | None:
        return briefing.get_absolute_url() if briefing.is_published else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Briefing]:
        return super().get_queryset(request).annotate(_items=Count("items"))

    @admin.display(description=gettext_lazy("期号"), ordering="date")
    def title(self, briefing: Briefing) -> str:
        return briefing.title

    @admin.display(description=gettext_lazy("条目数"), ordering="_items")
    def item_count(self, briefing: Briefing) -> int:
        return briefing._items  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("状态"))
    def state(self, briefing: Briefing) -> str:
        if briefing.is_imported:
            return _("导入的往期")
        return _("已发布") if briefing.is_published else _("草稿")

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path("compose/", self.admin_site.admin_view(self.compose_view), name="briefings_briefing_compose"),
            path(
                "<int:pk>/candidates/",
                self.admin_site.admin_view(self.candidates_view),
                name="briefings_briefing_candidates",
            ),
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview_view), name="briefings_briefing_preview"),
            path("<int:pk>/publish/", self.admin_site.admin_view(self.publish_view), name="briefings_briefing_publish"),
        ]
        return [*mine, *Gone(self).urls(), *PastIssues(self).urls(), *Reports(self).urls(), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        briefing = self.get_object(request, unquote(object_id))
        findings = lint(briefing) if briefing and request.method == "GET" else []
        may = {"may_publish": may_publish(request), "may_edit": self.has_change_permission(request, briefing)}
        context = {**(extra_context or {}), "findings": findings, **may}
        return super().change_view(request, object_id, form_url, context)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        may_compose = self.has_add_permission(request) and self.has_change_permission(request)
        may = {"may_compose": may_compose, "may_import": may_import(request)}
        return super().changelist_view(request, {**(extra_context or {}), **may})  # type: ignore[return-value]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        briefing = form.instance
        renumber(briefing)
        items = list(briefing.items.all())
        index(items)
        note_pictures(items)
        Briefing.objects.filter(pk=briefing.pk).update(version=F("version") + 1, changed_at=timezone.now())

    def compose_view(self, request: HttpRequest) -> HttpResponse:
        # An existing draft of the date is filled up, so both are asked for.
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = ComposeForm(request.POST or None, initial={"date": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                day, repeats = form.cleaned_data["date"], form.cleaned_data["repeats"]
                briefing = compose(day, form.cleaned_data["items"], repeats=repeats)
            except ValueError as refused:
                form.add_error("date", str(refused))
            else:
                count = briefing.items.count()
                text = ngettext("草稿有 %d 条", "草稿有 %d 条", count) % count
                self.message_user(request, text if count else _("没有可用的候选文章：先到链接收件箱粘贴链接"))
                self._say_what_was_left_out(request, 0 if repeats else len(left_out(day)))
                return redirect("admin:briefings_briefing_change", briefing.pk)
        context = self._context(request, _("自动编排"), form=form, media=self.media + form.media)
        return TemplateResponse(request, "admin/briefings/briefing/compose.html", context)

    def _say_what_was_left_out(self, request: HttpRequest, count: int) -> None:
        if count:
            text = ngettext(
                "另有 %d 篇往期已报道，没有选入；在候选里可以看到，也可以照样加入",
                "另有 %d 篇往期已报道，没有选入；在候选里可以看到，也可以照样加入",
                count,
            )
            self.message_user(request, text % count)

    def candidates_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        briefing = self._changeable(request, pk)
        if request.method == "POST":
            chosen = [int(key) for key in request.POST.getlist("article") if key.isdecimal()]
            order = {key: place for place, key in enumerate(chosen)}
            articles = sorted(Article.objects.usable().filter(pk__in=chosen), key=lambda one: order[one.pk])
            made = add_items(briefing, articles)
            Briefing.objects.filter(pk=briefing.pk).update(version=F("version") + 1, changed_at=timezone.now())
            text = ngettext("加入了 %d 条", "加入了 %d 条", len(made)) % len(made)
            self.message_user(request, text, messages.SUCCESS if made else messages.WARNING)
            return redirect("admin:briefings_briefing_change", briefing.pk)
        found = candidates(briefing.date, is_sample=briefing.is_sample)[:200]
        told = left_out(briefing.date, is_sample=briefing.is_sample)[:50]
        context = self._context(request, _("候选文章"), briefing, candidates=found, told=told)
        return TemplateResponse(request, "admin/briefings/briefing/candidates.html", context)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = issue_page(request, get_object_or_404(Briefing, pk=pk), preview=True)
        response["Cache-Control"] = "private, no-store"
        return response

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (self.has_view_permission(request) and may_publish(request)):
            raise PermissionDenied
        briefing = get_object_or_404(Briefing, pk=pk)
        findings = lint(briefing)
        blocked = any(finding.blocks for finding in findings)
        if request.method == "POST" and not blocked:
            if briefing.publish(request.user):  # type: ignore[arg-type]
                self.log_change(request, briefing, _("发布"))
                self.message_user(request, _("%(title)s 已发布，邮件随后寄出") % {"title": briefing.title})
            else:
                self.message_user(request, _("这一期此前已经发布"), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:briefings_briefing_change", args=[briefing.pk]))
        context = self._context(request, _("发布"), briefing, findings=findings, blocked=blocked)
        return TemplateResponse(request, "admin/briefings/briefing/publish.html", context)

    def has_change_permission(self, request: HttpRequest, obj: Briefing | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Briefing | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request, obj)

    def _changeable(self, request: HttpRequest, pk: int) -> Briefing:
        if not self.has_change_permission(request):
            raise PermissionDenied
        briefing = get_object_or_404(Briefing, pk=pk)
        if not self.has_change_permission(request, briefing):
            raise PermissionDenied
        return briefing

    def _context(
        self, request: HttpRequest, title: str, briefing: Briefing | None = None, **more: Any
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "original": briefing,
            "briefing": briefing,
            **more,
        }
