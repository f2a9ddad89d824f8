"""What is done to an article at each stage. Every step gives the columns to set, or says why it goes no further."""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from news import names, pictures, retries, snapshots, stories, stubs, tag
from news.canonical import is_short
from news.embed import article_text, fingerprint
from news.embed.stored import stored_vectors, vector_of
from news.extract import Page, Story, story
from news.extract import read as read_page
from news.http import FetchError, Reason, Response
from news.manners import NotNow, ask_in_turn, says_too_often, tell_host
from news.models import Article, DropReason, Origin, PageState, Snapshot, Stage, Summary
from news.search import index_article
from news.sources import short
from news.sources.inbox import Outcome, follow
from news.summarise import summariser

BEIJING = ZoneInfo("Asia/Shanghai")
REFUSED = {Reason.SSRF_POLICY, Reason.BAD_URL, Reason.REDIRECT_OFF_ALLOWLIST, Reason.HTTPS_DOWNGRADE}


class Dropped(Exception):
    """The article goes no further, for a reason of the closed list. `columns` are kept with it."""

    def __init__(self, reason: str, detail: str = "", **columns: Any) -> None:
        super().__init__(reason, detail)
        self.reason = DropReason(reason)
        self.detail = detail
        self.columns = columns


class Later(Exception):
    """Not now: try again after `wait`. `columns` are kept; without `counted` no try was made."""

    def __init__(self, wait: timedelta, detail: str, counted: bool = True, **columns: Any) -> None:
        super().__init__(wait, detail)
        self.wait = wait
        self.detail = detail
        self.counted = counted
        self.columns = columns


class LeaseLost(Exception):
    """The lease ended and somebody else took the article: what was done here does not count."""


def fetch(article: Article) -> dict[str, Any]:
    """Ask the site once; keep what arrived as a snapshot. The caller holds the host's turn, which ends here."""
    known = _good_copy(article)
    try:
        if is_short(article.canonical_url):
            raise _led_on(short.resolve(article))
        response = ask_in_turn(
            article.url,
            article.host,
            by_person=article.asked_by_person,
            **snapshots.validators(known, article.url),
        )
    except NotNow as not_now:
        raise _on_its_way(not_now) from not_now
    except FetchError as error:
        raise _no_page(article, error) from error
    if response.status == 304:
        return _unchanged(article, known)
    if _is_still_ours(article):  # else a page was handed in meanwhile, and must stay the newest
        _keep(article, response)
    return {}


def _is_still_ours(article: Article) -> bool:
    return Article.objects.filter(pk=article.pk, stage=Stage.FOUND, lease=article.lease).exists()


def _good_copy(article: Article) -> Snapshot | None:
    """The copy whose validators may be sent: one that a crawl brought and that was an article."""
    crawled = article.snapshots.filter(origin=Origin.CRAWL, state=PageState.OK)
    return crawled.defer("packed").order_by("-fetched_at", "-id").first()


def _on_its_way(not_now: NotNow) -> Later:
    """A redirect led to a host that rests: the next try goes on from there, and counts, or a ring had no end."""
    if not not_now.url:
        return Later(not_now.wait, "the host rests", counted=False)
    host = urlsplit(not_now.url).hostname or ""
    return Later(not_now.wait, f"sent on to {host}, which rests", url=not_now.url[:2000], host=host)


def _no_page(article: Article, error: FetchError) -> Dropped | Later:
    if error.reason == Reason.CHALLENGE:
        return Dropped(DropReason.BLOCKED, str(error), state=PageState.BLOCKED)
    if error.permanent:
        return Dropped(_why_refused(error.reason), str(error))
    asked = timedelta(seconds=error.retry_after or 0)
    return Later(asked + retries.backoff(article.attempts), str(error))


@transaction.atomic
def _unchanged(article: Article, known: Snapshot | None) -> dict[str, Any]:
    """The site says that our copy is still good. An article that was through is so again, and is not read anew."""
    _must_hold(article)
    if known is None or not Snapshot.objects.filter(pk=known.pk).update(fetched_at=Now()):
        raise Later(retries.backoff(article.attempts), "protocol: 304 for a copy that is not here")
    if not (article.story_id and article.text and snapshots.is_printed(article, known)):
        return {}
    return {"stage": Stage.SUMMARISED, "state": PageState.OK, "state_reason": "", "retries": 0}


@transaction.atomic
def _keep(article: Article, response: Response) -> None:
    _must_hold(article)
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


def _must_hold(article: Article) -> None:
    """Lock the article while its lease is our own: once it is gone, a hand-in is the newest copy and stays so."""
    mine = Article.objects.select_for_update().filter(pk=article.pk, stage=Stage.FOUND, lease=article.lease)
    if not mine.values_list("pk", flat=True):
        raise LeaseLost


def _led_on(outcome: Outcome) -> Dropped:
    """What becomes of a short link: nothing but the way to the article behind it."""
    if outcome.article:
        there = outcome.article.canonical_url
        return Dropped(DropReason.MOVED, f"→ {outcome.canonical}", state=PageState.MOVED, state_reason=there)
    if not outcome.url:
        return Dropped(DropReason.UNREADABLE, gettext("短链接没有转到任何页面。请在浏览器里打开它，复制文章的地址。"))
    reason = DropReason.TEMPORARY_EXPIRED if outcome.reason == "temporary" else DropReason.REFUSED
    return Dropped(reason, f"→ {outcome.url} {outcome.advice}")


def _why_refused(reason: Reason) -> DropReason:
    if reason in REFUSED:
        return DropReason.REFUSED
    own = {Reason.NOT_FOUND: DropReason.NOT_FOUND, Reason.ROBOTS: DropReason.ROBOTS}
    return own.get(reason, DropReason.UNREADABLE)


def read(article: Article) -> dict[str, Any]:
    """Make an article of the newest snapshot, or find out why it is none."""
    snapshot = article.snapshots.order_by("-fetched_at", "-id")[0]
    page = read_page(snapshot.body, url=snapshot.url, content_type=snapshot.content_type)
    snapshot.state = page.state
    snapshot.save(update_fields=["state"])
    if snapshot.origin == Origin.CRAWL:
        tell_host(article.host, page)
    if page.state == PageState.MOVED and page.moved_to:
        follow(article, page.moved_to)
    if page.state != PageState.OK:
        raise _no_article(page)
    if stubs.is_empty(page):
        raise Dropped(DropReason.EMPTY, "empty_article: next to no text, and no picture", state=page.state)
    told = story(page)
    if same := stubs.twins(article, page, told.text):
        stubs.drop(same)
        raise Dropped(DropReason.BOILERPLATE, f"boilerplate: the same text as {len(same)} others", state=page.state)
    snapshots.keep_one_a_text(snapshot, page)
    columns = _columns(page, told)
    pictures.register(article, columns["html"])
    return columns


def _no_article(page: Page) -> Dropped:
    columns = {"state": page.state, "state_reason": page.reason}
    if page.reason == "truncated":  # a connection that broke unnoticed
        return Dropped(DropReason.UNREACHABLE, retries.TRUNCATED, **columns)
    if page.reason in ("too_deep", "too_large"):  # and will be so the next time
        return Dropped(DropReason.UNREADABLE, page.reason, **columns)
    if page.reason == "empty":
        return Dropped(DropReason.EMPTY, "empty_article: the place of the text is empty", **columns)
    if says_too_often(page):
        return Dropped(page.state, f"{retries.RATE_LIMITED}{page.reason}", **columns)
    return Dropped(page.state, page.reason, **columns)


def _columns(page: Page, told: Story) -> dict[str, Any]:
    return {
        "retries": 0,
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
        "html": told.html,
        "text": told.text,
        "image_count": page.images,
    }


def _moment(published: datetime | date | None) -> datetime | None:
    """A bare date is taken as the beginning of that day in China."""
    if published is None or isinstance(published, datetime):
        return published
    return datetime.combine(published, time(), BEIJING)


def prepare_vectors(articles: Sequence[Article]) -> None:
    """Make the vectors of a batch together, on all cores; `embed` then finds them."""
    stored_vectors([article_text(article.title, article.text) for article in articles])


def embed(article: Article) -> dict[str, Any]:
    """Make the article's vector, unless this very text has one."""
    vector_of(article)
    return {"text_hash": fingerprint(article_text(article.title, article.text))}


def file(article: Article) -> dict[str, Any]:
    """Topics, then copies and the story, the names, the search terms."""
    tag.file_topics(article)
    story = stories.place(article)
    names.find_in(article)
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


__all__ = ["Dropped", "Later", "Stage", "embed", "fetch", "file", "prepare_vectors", "read", "summarise"]
