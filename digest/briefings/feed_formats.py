"""What a feed holds, and how RSS 2.0, Atom and JSON Feed 1.1 write it down."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from digest.briefings.metadata import absolute
from news.text import visible

LANGUAGE = "zh-Hans"
# What XML 1.0 cannot hold, not even escaped: https://www.w3.org/TR/xml/#charsets
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One entry, its texts free of what XML cannot hold; `html` is all of it, `summary` a line."""

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
    """A feed: `link` is the page that it follows, `address` its own."""

    title: str
    description: str
    link: str
    address: str
    entries: list[Entry]

    @property
    def changed(self) -> datetime:
        """When anything in it changed last; the beginning of time where it is empty."""
        return max((entry.changed for entry in self.entries), default=datetime(1970, 1, 1, tzinfo=UTC))


def render(feed: Feed, kind: str) -> bytes:
    """The feed as `rss`, `atom` or `json`."""
    return as_json(feed) if kind == "json" else as_xml(feed, kind)


def xml_safe(text: str) -> str:
    """The text without what XML cannot hold and what nobody sees."""
    return NOT_XML.sub("", visible(text))


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


def as_xml(feed: Feed, kind: str) -> bytes:
    generator: type[SyndicationFeed] = {"rss": _Rss, "atom": _Atom}[kind]
    out = generator(
        title=xml_safe(feed.title),
        link=feed.link,
        description=xml_safe(feed.description),
        subtitle=xml_safe(feed.description),
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
            categories=[xml_safe(subject) for subject in entry.subjects],
            html=entry.html,
        )
    return out.writeString("utf-8").encode()


def as_json(feed: Feed) -> bytes:
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
