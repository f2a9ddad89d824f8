"""An entry that carries the whole article: its text is taken as the page, and the site is not asked."""

import hashlib
import json
import zlib

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from news import changes
from news.extract import Page, entry
from news.extract.base import Unreadable
from news.models import Article, DropReason, Origin, PageState, Snapshot, Stage
from news.sources.base import Entry

# What a feed's own text makes good: the site did not let us in, or what it showed was no text.
RESCUED = (
    DropReason.BLOCKED,
    DropReason.ROBOTS,
    DropReason.UNREACHABLE,
    DropReason.UNAVAILABLE,
    DropReason.UNREADABLE,
    DropReason.EMPTY,
)


def take_text(article: Article, given: Entry) -> bool:
    """Make the entry's text the article's page where that helps; whether it did.

    It helps an article that was not fetched yet, one that the site kept from us, and one whose text came from a feed
    and reads otherwise now. A page that the site itself gave is never replaced.
    """
    body = _body(given)
    page = _page(body)
    if page is None:
        return False
    text_hash = changes.text_hash(changes.reading(page))
    newest = article.snapshots.order_by("-fetched_at", "-pk").first()
    waiting = Q(stage=Stage.FOUND) | Q(stage=Stage.DROPPED, drop_reason__in=RESCUED)
    from_feed = newest is not None and newest.origin == Origin.FEED
    if from_feed and newest is not None and newest.text_hash == text_hash:
        return False
    may_have_it = (waiting | ~Q(stage__in=(Stage.DROPPED, Stage.FETCHED))) if from_feed else waiting
    with transaction.atomic():
        free = Article.objects.filter(may_have_it, pk=article.pk, leased_until__lte=Now())
        if not free.update(stage=Stage.FETCHED, drop_reason="", attempts=0, error="", retry_at=None, due_at=Now()):
            return False
        _keep(article, body, text_hash, given.url)
    return True


def _body(given: Entry) -> bytes:
    published = given.published.isoformat() if given.published else ""
    told = {
        "url": given.url,
        "title": given.title,
        "account": given.account,
        "byline": given.author,
        "published": published,
        "html": given.html.replace("\0", ""),
    }
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def _page(body: bytes) -> Page | None:
    """As the article's reading will see it later; None for what is no text after cleaning."""
    try:
        return entry.read(body)
    except Unreadable:
        return None


def _keep(article: Article, body: bytes, text_hash: str, url: str) -> None:
    snapshot, is_new = Snapshot.objects.get_or_create(
        article=article,
        sha256=hashlib.sha256(body).hexdigest(),
        defaults={
            "url": url[:4000],
            "status": 200,
            "content_type": entry.CONTENT_TYPE,
            "packed": zlib.compress(body, 6),
            "size": len(body),
            "state": PageState.OK,
            "origin": Origin.FEED,
            "text_hash": text_hash,
        },
    )
    if not is_new:
        Snapshot.objects.filter(pk=snapshot.pk).update(fetched_at=Now())
