"""Which copies of a page are kept: one a text, however often its bytes change. A copy is for the editors alone."""

import hashlib
import zlib
from urllib.parse import urlsplit

from django.db.models.functions import Now

from news.changes import reading, text_hash
from news.extract import Page
from news.extract import read as read_page
from news.http import Response
from news.models import Article, Origin, PageState, Snapshot

MOST_KEPT = 20  # of a page that says something else every night; the printed, the first and the newest ones stay


def keep_one_a_text(snapshot: Snapshot, page: Page) -> Snapshot:
    """Settle a copy that was just read: where an older one says the same, that one is the newest and this goes."""
    key = text_hash(reading(page))
    twins = snapshot.article.snapshots.filter(text_hash=key, origin=snapshot.origin, state=PageState.OK)
    twin = twins.exclude(pk=snapshot.pk).order_by("fetched_at", "id").first()
    if twin is None:
        Snapshot.objects.filter(pk=snapshot.pk).update(text_hash=key)
        return snapshot
    _seen_again(twin, snapshot.headers)
    snapshot.delete()
    return twin


def keep(article: Article, response: Response, page: Page) -> Snapshot:
    """Keep what a check brought, unless a copy says the same already."""
    key = text_hash(reading(page))
    twin = article.snapshots.filter(text_hash=key, origin=Origin.CRAWL, state=PageState.OK).first()
    if twin:
        return _seen_again(twin, response.headers)
    snapshot, _made = Snapshot.objects.update_or_create(
        article=article,
        sha256=hashlib.sha256(response.body).hexdigest(),
        defaults={
            "url": response.url,
            "status": response.status,
            "content_type": response.content_type[:200],
            "headers": response.headers,
            "packed": zlib.compress(response.body, 6),
            "size": len(response.body),
            "state": page.state,
            "text_hash": key,
        },
    )
    _drop_the_oldest(article)
    return snapshot


def _seen_again(twin: Snapshot, headers: dict[str, str]) -> Snapshot:
    """The validators are those of the last visit, so that the next one may be answered with a 304."""
    Snapshot.objects.filter(pk=twin.pk).update(fetched_at=Now(), headers=headers)
    twin.refresh_from_db(fields=["fetched_at", "headers"])
    return twin


def _drop_the_oldest(article: Article) -> None:
    printed = text_hash(_told(article))
    kept = list(article.snapshots.exclude(text_hash=printed).order_by("fetched_at", "id").values_list("pk", flat=True))
    article.snapshots.filter(pk__in=kept[1 : 1 + max(0, len(kept) - MOST_KEPT)]).delete()


def newest(article: Article | None) -> Snapshot | None:
    """The copy whose validators a visit may send: what a crawl brought last."""
    return article.snapshots.filter(origin=Origin.CRAWL).order_by("-fetched_at", "-id").first() if article else None


def validators(snapshot: Snapshot | None, url: str) -> dict[str, str]:
    """What `fetch` asks with. None where the copy is of another place than the one that is asked."""
    if snapshot is None or urlsplit(snapshot.url).hostname != urlsplit(url).hostname:
        return {}
    return {"etag": snapshot.headers.get("etag", ""), "modified": snapshot.headers.get("last-modified", "")}


def printed_reading(article: Article) -> str | None:
    """What the article's page said when it was read, as it would be read today.

    The kept copy is read anew, so that a better extractor does not look like a change of the page; where no copy is
    left, the article's own columns tell. Of a text that came whole in a feed it is the first copy of the page itself;
    None where there is none yet.
    """
    copy = printed_copy(article)
    if copy and copy.origin == Origin.FEED:
        pages = article.snapshots.filter(state=PageState.OK).exclude(origin=Origin.FEED)
        copy = pages.order_by("id").first()
        return reading(read(copy)) if copy else None
    return reading(read(copy)) if copy else _told(article)


def printed_copy(article: Article) -> Snapshot | None:
    """The copy that the article's text was read from."""
    copies = article.snapshots.filter(state=PageState.OK)
    return copies.filter(text_hash=text_hash(_told(article))).first() or copies.filter(text_hash="").first()


def is_printed(article: Article, copy: Snapshot) -> bool:
    """Whether the article says what this copy of its page says."""
    return copy.text_hash in ("", text_hash(_told(article)))


def _told(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def read(snapshot: Snapshot) -> Page:
    """The copy as a page, by today's extractor."""
    return read_page(snapshot.body, url=snapshot.url, content_type=snapshot.content_type)
