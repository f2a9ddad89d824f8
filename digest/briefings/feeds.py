"""Feeds: RSS 2.0, Atom and JSON Feed 1.1. The whole feed brings issues in full, a topic's feed brings items."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from digest.briefings.markdown import plain
from digest.briefings.metadata import absolute
from digest.briefings.models import Briefing, Item
from news.models import Topic
from news.text import visible

ISSUES, ITEMS = 10, 30
LANGUAGE = "zh-Hans"
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
# What XML 1.0 cannot hold, not even escaped: https://www.w3.org/TR/xml/#charsets
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    title: str
    link: str
    html: str
    summary: str
    published: datetime
    changed: datetime
    subjects: list[str]
    is_machine_made: bool


@dataclass(frozen=True)
class Feed:
    title: str
    description: str
    link: str
    address: str
    entries: list[Entry]

    @property
    def changed(self) -> datetime:
        """When anything in it changed last; the beginning of time where it is empty."""
        return max((entry.changed for entry in self.entries), default=datetime(1970, 1, 1, tzinfo=UTC))


@require_safe
def whole(request: HttpRequest, kind: str) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        items = Prefetch("items", Item.objects.for_reading().defer("search"))
        issues = Briefing.objects.published().newest_first().prefetch_related(items)[:ISSUES]
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
        items = Item.objects.published().filter(topics=topic).for_reading().defer("search")
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
            title=_xml(issue.title),
            link=absolute(issue.get_absolute_url()),
            html=_xml(render_to_string("briefings/feed_issue.html", {"briefing": issue, "items": items})),
            summary=_xml("；".join(item.headline for item in items)),
            published=issue.published_at or issue.changed_at,
            changed=max(issue.changed_at, issue.published_at or issue.changed_at),
            subjects=list(dict.fromkeys(topic.name for item in items for topic in item.topics.all())),
            is_machine_made=any(item.is_machine_made for item in items),
        )


def _of_items(items: Iterable[Item]) -> Iterator[Entry]:
    for item in items:
        issue = item.briefing
        yield Entry(
            title=_xml(item.headline),
            link=absolute(item.get_absolute_url()),
            html=_xml(render_to_string("briefings/feed_item.html", {"item": item, "briefing": issue})),
            summary=_xml(plain(item.text, 150)),
            published=issue.published_at or issue.changed_at,
            changed=max(issue.changed_at, issue.published_at or issue.changed_at),
            subjects=[topic.name for topic in item.topics.all()],
            is_machine_made=item.is_machine_made,
        )


def _answer(request: HttpRequest, feed: Feed, kind: str) -> HttpResponse:
    """The feed, or 304 to a reader who has it."""
    body = _json(feed) if kind == "json" else _xml_feed(feed, kind)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=f"{TYPES[kind]}; charset=utf-8")
    response.headers["Last-Modified"] = http_date(feed.changed.timestamp())
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=300"
    answer = get_conditional_response(request, etag, int(feed.changed.timestamp()), response)
    return answer or response


class _Rss(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])


class _Atom(Atom1Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


def _xml_feed(feed: Feed, kind: str) -> bytes:
    generator: type[SyndicationFeed] = {"rss": _Rss, "atom": _Atom}[kind]
    out = generator(
        title=_xml(feed.title),
        link=feed.link,
        description=_xml(feed.description),
        subtitle=_xml(feed.description),
        language=LANGUAGE,
        author_name=settings.PUBLISHER,
        feed_url=feed.address,
    )
    for entry in feed.entries:
        out.add_item(
            title=entry.title,
            link=entry.link,
            description=entry.summary,
            unique_id=entry.link,
            pubdate=entry.published,
            updateddate=entry.changed,
            categories=[_xml(subject) for subject in entry.subjects],
            html=entry.html,
        )
    return out.writeString("utf-8").encode()


def _json(feed: Feed) -> bytes:
    """JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/"""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.link,
        "feed_url": feed.address,
        "language": LANGUAGE,
        "authors": [{"name": settings.PUBLISHER, "url": absolute("/")}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _json_item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.link,
        "url": entry.link,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.changed.isoformat(),
        "tags": entry.subjects,
        "_jianbao": {"about": absolute(reverse("about") + "#ai"), "ai_generated": entry.is_machine_made},
    }


def _xml(text: str) -> str:
    return NOT_XML.sub("", visible(text))
