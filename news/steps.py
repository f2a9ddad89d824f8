"""What is done to an article at each stage. Every step gives the columns to set, or says why it goes no further."""

import hashlib
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from news import dedupe, tag
from news.embed import article_text, fingerprint
from news.embed.stored import vector_of
from news.extract import Page, story_text
from news.extract import read as read_page
from news.http import FetchError, Reason
from news.manners import ask_in_turn
from news.models import Article, DropReason, Host, PageState, Snapshot, Stage, Summary
from news.search import index_article
from news.sources.inbox import follow
from news.summarise import summariser

BEIJING = ZoneInfo("Asia/Shanghai")
# Minutes until the next try of a fetch, by the number of tries so far; the site is not asked more often than that.
RETRY_MINUTES = (1, 5, 30, 120, 720)
REFUSED = {Reason.SSRF_POLICY, Reason.BAD_URL, Reason.REDIRECT_OFF_ALLOWLIST, Reason.HTTPS_DOWNGRADE}


class Dropped(Exception):
    """The article goes no further, for a reason of the closed list. `columns` are kept with it."""

    def __init__(self, reason: str, detail: str = "", **columns: Any) -> None:
        super().__init__(reason, detail)
        self.reason = DropReason(reason)
        self.detail = detail
        self.columns = columns


class Later(Exception):
    """Not now: try again after `wait`."""

    def __init__(self, wait: timedelta, detail: str) -> None:
        super().__init__(wait, detail)
        self.wait = wait
        self.detail = detail


def fetch(article: Article) -> dict[str, Any]:
    """Ask the site once; keep what arrived as a snapshot. The caller holds the host's turn, which ends here."""
    try:
        response = ask_in_turn(article.url, article.host)
    except FetchError as error:
        if error.reason == Reason.CHALLENGE:
            raise Dropped(DropReason.BLOCKED, str(error), state=PageState.BLOCKED) from error
        if error.permanent:
            raise Dropped(_why_refused(error.reason), str(error)) from error
        wait = timedelta(minutes=RETRY_MINUTES[min(article.attempts, len(RETRY_MINUTES)) - 1])
        raise Later(max(wait, timedelta(seconds=error.retry_after or 0)), str(error)) from error
    snapshot, is_new = Snapshot.objects.get_or_create(
        article=article,
        sha256=hashlib.sha256(response.body).hexdigest(),
        defaults={
            "url": response.url,
            "status": response.status,
            "content_type": response.content_type[:200],
            "headers": response.headers,
            "packed": zlib.compress(response.body, 6),
            "size": len(response.body),
        },
    )
    if not is_new:  # the page is as it once was: that copy is the newest again
        Snapshot.objects.filter(pk=snapshot.pk).update(fetched_at=Now())
    return {}


def _why_refused(reason: Reason) -> DropReason:
    if reason in REFUSED:
        return DropReason.REFUSED
    return DropReason.NOT_FOUND if reason == Reason.NOT_FOUND else DropReason.UNREADABLE


def read(article: Article) -> dict[str, Any]:
    """Make an article of the newest snapshot, or find out why it is none."""
    snapshot = article.snapshots.order_by("-fetched_at", "-id")[0]
    page = read_page(snapshot.body, url=snapshot.url, content_type=snapshot.content_type)
    snapshot.state = page.state
    snapshot.save(update_fields=["state"])
    if page.state == PageState.BLOCKED:
        Host.objects.saw_wall(article.host)
    else:
        Host.objects.saw_page(article.host)
    if page.state == PageState.MOVED and page.moved_to:
        follow(article, page.moved_to)
    if page.state != PageState.OK:
        raise Dropped(page.state, page.reason, state=page.state, state_reason=page.reason)
    if not page.text.strip():
        raise Dropped(DropReason.EMPTY, "no text", state=page.state)
    return _columns(page)


def _columns(page: Page) -> dict[str, Any]:
    return {
        "state": page.state,
        "state_reason": "",
        "site": page.site,
        "kind": page.kind,
        "title": (page.title or page.text.split("\n")[0][:100])[:500],
        "account": page.account[:200],
        "byline": page.byline[:200],
        "published_at": _moment(page.published),
        "is_original": page.original,
        "source_url": page.source_url[:2000],
        "html": page.html,
        "text": story_text(page),
        "image_count": page.images,
    }


def _moment(published: datetime | date | None) -> datetime | None:
    """A bare date is taken as the beginning of that day in China."""
    if published is None or isinstance(published, datetime):
        return published
    return datetime.combine(published, time(), BEIJING)


def embed(article: Article) -> dict[str, Any]:
    """Make the article's vector, unless this very text has one."""
    vector_of(article)
    return {"text_hash": fingerprint(article_text(article.title, article.text))}


def file(article: Article) -> dict[str, Any]:
    """Topics, then copies and the story, then the search terms."""
    tag.file_topics(article)
    story = dedupe.place(article)
    index_article(article)
    article.refresh_from_db(fields=["duplicate_of", "duplicate_why"])
    return {"story": story}


def summarise(article: Article) -> dict[str, Any]:
    """Draft the digest, with the source sentences that carry it."""
    maker = summariser(settings.SUMMARISER)
    draft = maker.summarise(article.title, article.text)
    if draft.text:
        Summary.objects.update_or_create(
            article=article,
            summariser=f"{maker.name}@{maker.version}",
            defaults={
                "text": draft.text,
                "evidence": [
                    {"sentence": proof.sentence, "start": proof.start, "end": proof.end} for proof in draft.evidence
                ],
                "text_hash": article.text_hash,
                "created_at": timezone.now(),
            },
        )
    return {}


__all__ = ["Dropped", "Later", "Stage", "embed", "fetch", "file", "read", "summarise"]
