"""Asks every published link again at night, and decides what became of it.

| the site says                       | state       | readers are told | next time                         |
|-------------------------------------|-------------|------------------|-----------------------------------|
| the page, or 304; a paid page's part | ok         |                  | at its cadence                    |
| the page, and it reads otherwise    | changed     |                  | at its cadence                    |
| the account has moved               | moved       |                  | at its cadence; the new place is offered |
| deleted                             | deleted     | once confirmed   | an hour later, then at its cadence |
| against the rules                   | violation   | once confirmed   | the same                          |
| the link was temporary              | expired     | once confirmed   | the same                          |
| 404, 410, parameter error           | not_found   | once confirmed   | the same                          |
| verification, challenge             | blocked     |                  | the next night                    |
| for now unavailable, busy, nothing  | unreachable |                  | the next night                    |

A link is *gone* only when it was said to be gone twice, an hour apart: a site's hiccup marks nothing. What is not sure
(blocked, unreachable) never counts as gone, and never takes back what was sure. A page that comes back clears it.

Cadence: every night for the first 90 days after the newest issue that points there, every week until a year, then
every 30 days; after a failure the next night, as long as there are few of them. A link has its own second between two
and five in the morning, by its hash: a thousand of one host, 5 s apart, take 83 of those 180 minutes.

An editor put each of these links before readers, so they count as asked for by a person (manners.ask).

Nothing here touches an article's text: only its page state, once a link is gone or back (P13).
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from news import snapshots
from news.changes import differs, reading, text_hash
from news.extract import Page
from news.extract import read as read_page
from news.http import FetchError, Reason, Response
from news.manners import NotNow, ask, tell_host
from news.models import GONE, Host, LinkState, PageState, Snapshot, Stage, Watch
from news.sources.inbox import follow

log = logging.getLogger(__name__)

CONFIRM_AFTER = timedelta(hours=1)
NIGHT_BEGINS, NIGHT_SECONDS = time(2), 3 * 3600
NIGHTLY, WEEKLY, MONTHLY = 1, 7, 30  # days
PATIENCE = 7  # failures in a row, after which a link is asked for at its cadence again
LOOK_AT = 20  # due links a claim looks at

OF_A_PAGE = {
    PageState.OK: LinkState.OK,
    PageState.PAID: LinkState.OK,
    PageState.MOVED: LinkState.MOVED,
    PageState.DELETED: LinkState.DELETED,
    PageState.VIOLATION: LinkState.VIOLATION,
    PageState.TEMPORARY_EXPIRED: LinkState.EXPIRED,
    PageState.BAD_REQUEST: LinkState.NOT_FOUND,
    PageState.BLOCKED: LinkState.BLOCKED,
    PageState.UNAVAILABLE: LinkState.UNREACHABLE,
}
OF_AN_ERROR = {Reason.NOT_FOUND: LinkState.NOT_FOUND, Reason.CHALLENGE: LinkState.BLOCKED}
UNSURE = (LinkState.BLOCKED, LinkState.UNREACHABLE)
SURE = (*GONE, LinkState.CHANGED, LinkState.MOVED)


@dataclass(frozen=True)
class Seen:
    """What one visit brought."""

    state: LinkState
    reason: str = ""
    text_hash: str = ""
    moved_to: str = ""


def check_next() -> bool:
    """Check one link that is due; False where none can be now. Its host may rest while others wait: `is_due` says."""
    watch = claim()
    if watch is None:
        return False
    try:
        check(watch)
    except Exception as error:  # the edge of a task: a poison page must not stop the night (P9); what it was is kept
        log.exception("watch %s", watch.pk)
        _apply(watch, _unsure(watch, Seen(LinkState.UNREACHABLE, repr(error)), timezone.now()))
    return True


def is_due() -> bool:
    return Watch.objects.due().exists()


def claim() -> Watch | None:
    """Take one due link whose host may be asked: one UPDATE, whose WHERE is the lock."""
    until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
    waiting = Watch.objects.due().exclude(host__in=Host.objects.taken().values("name"))
    for pk in waiting.values_list("pk", flat=True)[:LOOK_AT]:
        if Watch.objects.due().filter(pk=pk).update(leased_until=until):
            return Watch.objects.select_related("article").get(pk=pk)
    return None


def check(watch: Watch) -> None:
    """Ask once and note what came. The caller holds the lease, which ends here. A host that rests counts as nothing."""
    copy = snapshots.newest(watch.article)
    try:
        seen = _read(watch, ask(watch.url, by_person=True, **snapshots.validators(copy, watch.url)), copy)
    except NotNow as not_now:
        _apply(watch, {"next_at": timezone.now() + not_now.wait})
        return
    except FetchError as error:
        seen = Seen(OF_AN_ERROR.get(error.reason, LinkState.UNREACHABLE), str(error))
    now = timezone.now()
    columns = _unsure(watch, seen, now) if seen.state in UNSURE else _sure(watch, seen, now)
    if _apply(watch, columns):
        _tell_article(watch, columns)


def next_check(url: str, now: datetime, days: int = 0) -> datetime:
    """The link's own second of the night that is `days` away by the site's calendar; 0: of the very next night."""
    local = timezone.localtime(now)
    begins = datetime.combine(local.date() + timedelta(days=days), NIGHT_BEGINS, local.tzinfo)
    share = int.from_bytes(hashlib.sha256(url.encode()).digest()[:8]) / 2**64
    at = begins + timedelta(seconds=int(share * NIGHT_SECONDS))
    return at if days or at > now else next_check(url, now, 1)


def cadence(published_at: datetime, now: datetime) -> int:
    """Days between two checks of a link that was printed at that time."""
    age = now - published_at
    if age < timedelta(days=90):
        return NIGHTLY
    return WEEKLY if age < timedelta(days=365) else MONTHLY


def _read(watch: Watch, response: Response, copy: Snapshot | None) -> Seen:
    """The page that came, or with a 304 the copy that is still good."""
    if response.status == 304 and copy:
        page = snapshots.read(copy)
    else:
        page = read_page(response.body, url=response.url, content_type=response.content_type)
    tell_host(watch.host, page)
    if page.state == PageState.MOVED and page.moved_to and watch.article:
        follow(watch.article, page.moved_to)  # it is fetched as any other, and then offered with its title
    if page.state != PageState.OK:
        return Seen(OF_A_PAGE[PageState(page.state)], page.reason, moved_to=page.moved_to)
    key = text_hash(reading(page))
    return Seen(_compared(watch, page, key, response), text_hash=key)


def _compared(watch: Watch, page: Page, key: str, response: Response) -> LinkState:
    """Whether the page still says what was printed. Of a link without an article nothing is kept to compare with."""
    article = watch.article
    if article is None or not article.text or (watch.state == LinkState.OK and key == watch.text_hash):
        return LinkState.OK  # as the last time, and that was fine, or an editor has seen it
    printed = snapshots.printed_reading(article)
    is_changed = printed is not None and differs(printed, reading(page))
    if response.status != 304 and (is_changed or printed is None):
        snapshots.keep(article, response, page)
    return LinkState.CHANGED if is_changed else LinkState.OK


def _unsure(watch: Watch, seen: Seen, now: datetime) -> dict[str, Any]:
    failures = min(watch.failures + 1, 1000)
    days = NIGHTLY if failures < PATIENCE else cadence(watch.published_at, now)
    columns: dict[str, Any] = {
        "failures": failures,
        "checked_at": now,
        "next_at": next_check(watch.url, now, days),
    }
    if watch.state in SURE:
        return columns
    since = watch.since if watch.state == seen.state and watch.since else now
    return columns | {"state": seen.state, "since": since, "reason": seen.reason[:300]}


def _sure(watch: Watch, seen: Seen, now: datetime) -> dict[str, Any]:
    is_gone = seen.state in GONE
    is_old_news = watch.state in GONE if is_gone else watch.state == seen.state
    since = watch.since if is_old_news and watch.since else now
    is_confirmed = is_gone and (watch.is_confirmed or now - since >= CONFIRM_AFTER)
    is_asked_again = is_gone and not is_confirmed
    days = cadence(watch.published_at, now)
    return {
        "state": seen.state,
        "is_confirmed": is_confirmed,
        "since": since,
        "reason": seen.reason[:300],
        "moved_to": seen.moved_to[:2000],
        "text_hash": seen.text_hash or watch.text_hash,
        "failures": 0,
        "checked_at": now,
        "next_at": since + CONFIRM_AFTER if is_asked_again else next_check(watch.url, now, days),
    }


def _apply(watch: Watch, columns: dict[str, Any]) -> bool:
    """Write while the lease is still our own (its end is its name), and end it."""
    clean = {
        name: value.replace("\0", "\ufffd") if isinstance(value, str) else value for name, value in columns.items()
    }
    return bool(_mine(watch).update(leased_until=timezone.now(), **clean))


def _mine(watch: Watch) -> QuerySet[Watch]:
    return Watch.objects.filter(pk=watch.pk, leased_until=watch.leased_until)


# What an article's page state becomes; a page that is not there has no state of its own.
_OF_A_LINK = {
    LinkState.OK: PageState.OK,
    LinkState.CHANGED: PageState.OK,
    LinkState.DELETED: PageState.DELETED,
    LinkState.VIOLATION: PageState.VIOLATION,
    LinkState.EXPIRED: PageState.TEMPORARY_EXPIRED,
    LinkState.NOT_FOUND: PageState.DELETED,
}


def _tell_article(watch: Watch, columns: dict[str, Any]) -> None:
    """Of an article that was once good only the state changes (P13), and only on a confirmed word."""
    state = _OF_A_LINK.get(columns.get("state", ""))
    article = watch.article
    if article is None or state is None or (columns["state"] in GONE and not columns["is_confirmed"]):
        return
    if article.state == state or article.stage != Stage.SUMMARISED:
        return
    type(article).objects.filter(pk=article.pk, stage=Stage.SUMMARISED).update(
        state=state, state_reason=columns["reason"]
    )
