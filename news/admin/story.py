"""Stories on the desk: who told what and when, what each adds; split and merged by hand, and every word taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from news.models import Article, Stage, Story, StoryDecision
from news.search import find
from news.stories import decide
from news.stories.around import MOMENT, moment_of
from news.stories.overview import Overview, Told, overview
from news.tasks import ring

OFFERS = 20  # stories to merge with, on one page
DECISIONS = 20
AROUND = timedelta(days=8)


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin[Story]):
    list_display = ["__str__", "article_count", "source_count", "created_at"]
    list_select_related = ["best"]
    search_fields = ["best__title"]
    change_form_template = "admin/news/story/story.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # stories are found, or split off

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # one without articles goes by itself

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        counted = Count("articles", distinct=True), Count("articles__host", distinct=True)
        return super().get_queryset(request).annotate(_articles=counted[0], _hosts=counted[1])

    @admin.display(description=_("文章数"))
    def article_count(self, story: Story) -> int:
        return story._articles  # type: ignore[attr-defined]

    @admin.display(description=_("网站数"))
    def source_count(self, story: Story) -> int:
        return story._hosts  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        mine = [
            path("<int:pk>/split/", wrap(self.split_view), name="news_story_split"),
            path("<int:pk>/apart/", wrap(self.apart_view), name="news_story_apart"),
            path("<int:pk>/no-copy/", wrap(self.no_copy_view), name="news_story_no_copy"),
            path("<int:pk>/merge/", wrap(self.merge_view), name="news_story_merge"),
            path("<int:pk>/followup/", wrap(self.followup_view), name="news_story_followup"),
            path("decision/<int:pk>/undo/", wrap(self.undo_view), name="news_story_undo"),
        ]
        return mine + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Reads only: everything that changes a story is posted to an address of its own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = Story.objects.select_related("best", "followup_of__best").filter(pk=_number(object_id)).first()
        if found is None:
            return redirect("admin:news_story_changelist")
        context = {**self.admin_site.each_context(request), "opts": self.opts, **_page(request, found)}
        context["may_change"] = self.has_change_permission(request)
        return TemplateResponse(request, self.change_form_template, context)

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = self._posted(request, pk)
        chosen = {_number(key) for key in request.POST.getlist("article")}
        return self._decide(request, story, lambda: decide.split(story, chosen, request.user))  # type: ignore[arg-type]

    def apart_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = self._posted(request, pk)
        article = get_object_or_404(story.articles, pk=_number(request.POST.get("article", "")))
        answer = self._decide(request, story, lambda: decide.not_this(article, request.user))  # type: ignore[arg-type]
        ring(Stage.EMBEDDED)
        return answer

    def no_copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = self._posted(request, pk)
        article = get_object_or_404(story.articles, pk=_number(request.POST.get("article", "")))
        answer = self._decide(request, story, lambda: decide.no_copy(article, request.user))  # type: ignore[arg-type]
        ring(Stage.EMBEDDED)
        return answer

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = self._posted(request, pk)
        other = Story.objects.filter(pk=_number(request.POST.get("other", ""))).first()
        if other is None:
            self.message_user(request, gettext("请先选一个要合并进来的事件。"), messages.WARNING)
            return redirect("admin:news_story_change", pk)
        return self._decide(request, story, lambda: decide.merge(story, other, request.user))  # type: ignore[arg-type]

    def followup_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """An editor says that this is no follow-up; the machine never says so again of this story."""
        story = self._posted(request, pk)
        Story.objects.filter(pk=story.pk).update(followup_of=None, followup_why={}, is_followup_fixed=True)
        self.log_change(request, story, gettext("不是后续"))
        self.message_user(request, gettext("记住了：这个事件不是那件事的后续。"), messages.SUCCESS)
        return redirect("admin:news_story_change", pk)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._may(request)
        decision = get_object_or_404(StoryDecision, pk=pk)
        try:
            story = decide.undo(decision, request.user)  # type: ignore[arg-type]
        except decide.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            there = decision.story_id
            return redirect("admin:news_story_change", there) if there else redirect("admin:news_story_changelist")
        self.log_change(request, story, gettext("撤销：%s") % decision)
        ring(Stage.EMBEDDED)
        self.message_user(request, gettext("已撤销：%s。文章回到了原来的事件。") % decision, messages.SUCCESS)
        return redirect("admin:news_story_change", story.pk)

    def _posted(self, request: HttpRequest, pk: int) -> Story:
        self._may(request)
        return get_object_or_404(Story, pk=pk)

    def _may(self, request: HttpRequest) -> None:
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied

    def _decide(self, request: HttpRequest, story: Story, act: Any) -> HttpResponse:
        """Carry a decision out and say what it did, whose word it overruled, and where the articles are now."""
        try:
            outcome: decide.Outcome = act()
        except decide.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:news_story_change", story.pk)
        self.log_change(request, outcome.story, str(outcome.decision))
        self.message_user(request, _said(outcome), messages.SUCCESS)
        for old in outcome.overruled:
            words = gettext("这推翻了 %(who)s 在 %(when)s 的决定：%(what)s。") % {
                "who": old.by or "—",
                "when": f"{old.at:%Y-%m-%d %H:%M}",
                "what": old.get_kind_display(),
            }
            self.message_user(request, words, messages.WARNING)
        return redirect("admin:news_story_change", story.pk)


def _said(outcome: decide.Outcome) -> str:
    there = reverse("admin:news_story_change", args=[outcome.story.pk])
    if outcome.decision.kind == StoryDecision.Kind.MERGE:
        return gettext("已合并。以后这些文章总在一起。")
    if outcome.decision.kind == StoryDecision.Kind.NO_COPY:
        return gettext("记住了：这篇不是转载，不再隐藏，正在重新归入事件。")
    words = {
        StoryDecision.Kind.SPLIT: gettext("已拆分，以后不会再自动合到一起。分出去的在这里："),
        StoryDecision.Kind.APART: gettext("记住了：这篇不属于这个事件，正在另找位置。它现在在这里："),
    }[StoryDecision.Kind(outcome.decision.kind)]
    return format_html('{} <a href="{}">{}</a>', words, there, outcome.story)


def _page(request: HttpRequest, story: Story) -> dict[str, Any]:
    told = overview(story, is_public=False, with_added=True)
    query = request.GET.get("q", "").strip()
    return {
        "title": str(story),
        "story": story,
        "overview": told,
        "rows": _rows(told),
        "query": query,
        "offers": _offers(story, told, query),
        "decisions": _decisions(story),
        "followups": story.followups.select_related("best"),
    }


def _rows(told: Overview) -> list[tuple[Told, list[Told]]]:
    """Each original with its copies: those go where it goes."""
    copies: dict[int, list[Told]] = {}
    for one in told.told:
        if one.is_copy:
            copies.setdefault(one.article.duplicate_of_id or 0, []).append(one)
    return [(one, copies.get(one.article.pk, [])) for one in told.told if not one.is_copy]


def _offers(story: Story, told: Overview, query: str) -> QuerySet[Story]:
    """Stories to merge with: those that the words find, else those told around the same days."""
    articles = Article.objects.filter(story__isnull=False, duplicate_of=None).exclude(story=story)
    if query:
        found = find(articles, query)[: OFFERS * 5].values_list("story", flat=True)
    else:
        moments = [moment_of(one.article) for one in told.told] or [story.created_at]
        span = Q(moment__gte=min(moments) - AROUND, moment__lte=max(moments) + AROUND)
        found = articles.annotate(moment=MOMENT).filter(span).order_by("-moment").values_list("story", flat=True)
        found = found[: OFFERS * 5]
    keys = list(dict.fromkeys(found))[:OFFERS]
    return Story.objects.filter(pk__in=keys).select_related("best").order_by("-pk")


def _decisions(story: Story) -> QuerySet[StoryDecision]:
    """What editors decided about articles that stand here now, or about this story."""
    articles = story.articles.values("pk")
    about = Q(story=story) | Q(links__one__in=articles) | Q(links__other__in=articles)
    keys = StoryDecision.objects.filter(about).values("pk")
    return StoryDecision.objects.filter(pk__in=keys).select_related("by", "undone_by", "story__best")[:DECISIONS]


def _number(given: str) -> int:
    """A row's key out of a form; what is none finds nothing."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
