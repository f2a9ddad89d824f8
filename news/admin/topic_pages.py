"""The desk's pages about topics: which articles to ask about, what a threshold would change, how good filing is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from news.models import Article, ArticleTopic, Topic, TopicExample, TopicReview
from news.tasks import ring_for_topics
from news.topics.ask import serving_key, to_ask
from news.topics.current import head_for, thresholds_of
from news.topics.preview import what_changes
from news.topics.progress import months, trainings
from news.topics.review import confirm, judge

HEAD = 160  # characters of a text, beside its title


class ThresholdForm(forms.Form):
    threshold = forms.FloatField(
        label=_("新的阈值"), min_value=0, max_value=1, widget=forms.NumberInput(attrs={"step": "0.01"})
    )


def urls(site: AdminSite) -> list[URLPattern]:
    wrap = site.admin_view
    return [
        path("ask/", wrap(ask), name="news_topic_ask"),
        path("ask/<int:pk>/", wrap(require_POST(answer)), name="news_topic_answer"),
        path("example/<int:pk>/", wrap(require_POST(make_example)), name="news_topic_example"),
        path("<int:pk>/threshold/", wrap(threshold), name="news_topic_threshold"),
        path("<int:pk>/threshold/set/", wrap(require_POST(set_threshold)), name="news_topic_threshold_set"),
    ]


def ask(request: HttpRequest) -> HttpResponse:
    """Up to twenty articles whose topics teach most, each with one form."""
    _need(request, "news.change_article")
    questions = to_ask()
    head = head_for(serving_key())
    context = {"title": _("先核对这些文章"), "questions": questions, "head": head, "reviews": _review_count()}
    return _page(request, "ask.html", context, length=HEAD)


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """`yes` or `no`: a word on one topic. Else `topic`, of all topics: those that the article belongs under."""
    _need(request, "news.change_article")
    article = get_object_or_404(Article, pk=pk)
    if (one := request.POST.get("yes") or request.POST.get("no")) and one.isdigit():
        topic = get_object_or_404(Topic, pk=int(one))
        judge(article, request.user, {topic.pk: "yes" in request.POST})
    else:
        confirm(article, request.user, [int(word) for word in request.POST.getlist("topic") if word.isdigit()])
    ring_for_topics()
    messages.success(request, gettext("记下了：《%s》。") % article)
    return redirect("admin:news_topic_ask")


def make_example(request: HttpRequest, pk: int) -> HttpResponse:
    """An article's title becomes an example of the topic, or a counter-example where an editor refused it."""
    _need(request, "news.change_topic")
    filed = get_object_or_404(ArticleTopic.objects.select_related("article", "topic"), pk=pk)
    text, is_positive = filed.article.title.strip()[:500], not filed.is_rejected
    if text:
        TopicExample.objects.update_or_create(topic=filed.topic, text=text, defaults={"is_positive": is_positive})
        shape = (
            gettext("《%(title)s》成了「%(topic)s」的例句。")
            if is_positive
            else gettext("《%(title)s》成了「%(topic)s」的反例。")
        )
        messages.success(request, shape % {"title": text, "topic": filed.topic})
    return redirect("admin:news_article_change", filed.article_id)


def threshold(request: HttpRequest, pk: int) -> HttpResponse:
    """What the threshold is, what another, `?threshold=`, would change, and how good the topic was. Changes nothing."""
    _need(request, "news.view_topic")
    topic = get_object_or_404(Topic, pk=pk)
    form = ThresholdForm(request.GET if "threshold" in request.GET else None)
    in_use = thresholds_of([topic], head_for(serving_key()))[topic.pk]
    context = {
        "title": gettext("「%s」的阈值与质量") % topic,
        "topic": topic,
        "in_use": in_use,
        "form": form if form.is_bound else ThresholdForm(initial={"threshold": f"{in_use:.2f}"}),
        "change": what_changes(topic, form.cleaned_data["threshold"]) if form.is_valid() else None,
        "months": months(topic),
        "trainings": trainings(topic),
        "may_change": request.user.has_perm("news.change_topic"),
    }
    return _page(request, "threshold.html", context)


def set_threshold(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the threshold that was looked at, or (`automatic`) let it follow the corrections again."""
    _need(request, "news.change_topic")
    topic = get_object_or_404(Topic, pk=pk)
    form = ThresholdForm(request.POST)
    if "automatic" in request.POST:
        topic.is_threshold_own = False
    elif form.is_valid():
        topic.threshold, topic.is_threshold_own = form.cleaned_data["threshold"], True
    else:
        messages.error(request, gettext("阈值在 0 和 1 之间。"))
        return redirect("admin:news_topic_threshold", pk)
    topic.save(update_fields=["threshold", "is_threshold_own"])
    ring_for_topics()
    messages.success(request, gettext("「%s」的阈值改好了，从下一篇文章起生效。") % topic)
    return redirect("admin:news_topic_threshold", pk)


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _review_count() -> int:
    return TopicReview.objects.count()


def _page(request: HttpRequest, template: str, context: dict[str, Any], **more: Any) -> TemplateResponse:
    context |= {**admin.site.each_context(request), "opts": Topic._meta, **more, "title": context["title"]}
    return TemplateResponse(request, f"admin/news/topic/{template}", context)
