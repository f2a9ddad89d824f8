"""Feeds: RSS 2.0, Atom and JSON Feed 1.1. The whole feed brings issues in full, a topic's feed brings items."""

import hashlib
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from digest.briefings.feed_formats import Entry, Feed, render, xml_safe
from digest.briefings.markdown import plain
from digest.briefings.metadata import absolute
from digest.briefings.models import Briefing, Item
from news.models import Topic

ISSUES, ITEMS = 10, 30
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@require_safe
def whole(request: HttpRequest, kind: str) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        items = Prefetch("items", Item.objects.for_reading().defer("search"))
        issues = Briefing.objects.fed().newest_first().prefetch_related(items)[:ISSUES]
        feed = Feed(
            settings.SITE_NAME,
            f"{settings.PUBLISHER}出品的{settings.SITE_NAME}，每期全文",
            absolute("/"),
            absolute(request.path),
            list(_of_issues(issues)),
        )
        return _answer(request, feed, kind)


@require_safe
def of_topic(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    with translation.override(settings.LANGUAGE_CODE):
        items = Item.objects.published().filter(topics=topic, briefing__is_imported=False).for_reading().defer("search")
        feed = Feed(
            f"{settings.SITE_NAME}：{topic.name}",
            topic.description,
            absolute(reverse("topic", args=[slug])),
            absolute(request.path),
            list(_of_items(items.order_by("-briefing__date", "position")[:ITEMS])),
        )
        return _answer(request, feed, kind)


def _of_issues(issues: Iterable[Briefing]) -> Iterator[Entry]:
    for issue in issues:
        items = list(issue.items.all())
        yield Entry(
            title=xml_safe(issue.title),
            link=absolute(issue.get_absolute_url()),
            html=xml_safe(render_to_string("briefings/feed_issue.html", {"briefing": issue, "items": items})),
            summary=xml_safe("；".join(item.headline for item in items)),
            published=issue.published_at or issue.changed_at,
            changed=max(issue.changed_at, issue.published_at or issue.changed_at),
            subjects=list(dict.fromkeys(topic.name for item in items for topic in item.topics.all())),
            is_machine_made=any(item.is_machine_made for item in items),
        )


def _of_items(items: Iterable[Item]) -> Iterator[Entry]:
    for item in items:
        issue = item.briefing
        yield Entry(
            title=xml_safe(item.headline),
            link=absolute(item.get_absolute_url()),
            html=xml_safe(render_to_string("briefings/feed_item.html", {"item": item, "briefing": issue})),
            summary=xml_safe(plain(item.text, 150)),
            published=issue.published_at or issue.changed_at,
            changed=max(issue.changed_at, issue.published_at or issue.changed_at),
            subjects=[topic.name for topic in item.topics.all()],
            is_machine_made=item.is_machine_made,
        )


def _answer(request: HttpRequest, feed: Feed, kind: str) -> HttpResponse:
    """The feed, or 304 to a reader who has it."""
    body = render(feed, kind)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=f"{TYPES[kind]}; charset=utf-8")
    response.headers["Last-Modified"] = http_date(feed.changed.timestamp())
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=300"
    answer = get_conditional_response(request, etag, int(feed.changed.timestamp()), response)
    return answer or response
