"""Reads an article that came whole in a feed: our own JSON of its entry, made by `news.sources.whole_text`."""

import json
from datetime import datetime

from news.extract import clean
from news.extract.base import Page, Unreadable

SITE = "entry"
CONTENT_TYPE = "application/vnd.jianbao.entry+json"


def read(body: bytes) -> Page:
    """The page of an entry; Unreadable where it is none, or where it has no text."""
    try:
        given = json.loads(body)
        told = {name: str(given.get(name) or "") for name in ("title", "account", "byline", "html", "url", "published")}
        published = datetime.fromisoformat(told["published"]) if told["published"] else None
    except (ValueError, AttributeError, RecursionError):
        raise Unreadable("unavailable", "truncated") from None
    found = clean.body(told["html"], told["url"])
    if not found.text.strip():
        raise Unreadable("unavailable", "empty")
    return Page(
        state="ok",
        site=SITE,
        title=told["title"],
        account=told["account"],
        byline=told["byline"],
        published=published,
        html=found.html,
        text=found.text,
        images=found.images,
        hidden=found.hidden,
    )
