"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from news.sources.base import Entry, Listing, SourceError, Trouble, as_moment, join
from news.sources.feed_dates import moment

MAX_ENTRIES = 2000  # of a feed of any format


def read_json(text: str, url: str) -> Listing:
    """The feed, or SourceError. A member of another type than the specification's counts as absent."""
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise SourceError(Trouble.NO_FEED, "broken JSON") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise SourceError(Trouble.NO_FEED, "JSON without items")
    base = join(url, _word(feed, "home_page_url"))
    account = _word(feed, "title")
    entries = [_entry(item, base, account) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    return Listing(account, entries, left_out=max(0, len(items) - MAX_ENTRIES))


def _entry(item: dict[str, Any], base: str, account: str) -> Entry:
    link = _word(item, "url", "external_url") or _address(_word(item, "id"))
    html = _word(item, "content_html")
    return Entry(
        url=join(base, link) if link else "",
        title=_word(item, "title"),
        account=account,
        author=_author(item),
        published=as_moment(moment(_word(item, "date_published", "date_modified"))),
        html=html or _paragraphs(_word(item, "content_text")),
        summary=_word(item, "summary"),
    )


def _word(thing: dict[str, Any], *names: str) -> str:
    return next((thing[name] for name in names if isinstance(thing.get(name), str) and thing[name].strip()), "")


def _address(word: str) -> str:
    return word if word.startswith(("http://", "https://")) else ""


def _author(item: dict[str, Any]) -> str:
    given = item.get("authors")
    authors = given if isinstance(given, list) else [item.get("author")]
    names = [_word(author, "name") for author in authors if isinstance(author, dict)]
    return "、".join(name for name in names if name)


def _paragraphs(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{line}</p>" for line in escaped.split("\n") if line.strip())
