"""Looks at the sources that are due: claimed by one compare-and-set UPDATE, asked politely, taken in, put back.

1. A claim writes a lease; what a dead worker held comes back when it ends.
2. The site is asked through `news.manners`, with the validators of the last time; 304 means nothing new.
3. What is new becomes leads and articles. Only while the lease is still ours is the source written.
4. It worked: the next look is after the cadence, a tenth more or less. It did not: 15 minutes, doubling to 24 hours,
   full jitter (a random part of that), never before a Retry-After. A host that must rest only postpones.
"""

import logging
import secrets
import time
import traceback
from dataclasses import dataclass
from datetime import timedelta
from secrets import SystemRandom
from typing import Any

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from news.http import FetchError, Response
from news.liveness import backend
from news.manners import NotNow, ask
from news.models import Host, Source
from news.sources import KINDS
from news.sources.base import Kind, Listing, SourceError, Trouble, read
from news.sources.take import AT_MOST, Taken, take

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT, SHORTEST_WAIT = timedelta(minutes=15), timedelta(hours=24), timedelta(minutes=1)
PAGES = 5  # of a listing in pages, while all of it is new
PATIENCE_S = 20.0  # between two pages of one listing
POLLED = [name for name, kind in KINDS.items() if kind.is_polled]
_random = SystemRandom()


def poll_next() -> bool:
    """Look at one source that is due; False when none is."""
    source = _claim()
    if source is None:
        return False
    _look_at(source)
    return True


def preview(kind: str, address: str, options: dict[str, Any]) -> Listing:
    """What a source would bring, of its first page; nothing is stored. Raises SourceError, FetchError or NotNow."""
    reader = KINDS[kind]
    if not reader.is_polled:
        raise SourceError(Trouble.BY_HAND)
    response = _ask(reader, reader.request(address, options))
    return _read(reader, response, options)


def _claim() -> Source | None:
    lease = f"{backend()}.{secrets.token_hex(8)}"
    due = Source.objects.due().filter(kind__in=POLLED)
    for pk in due.order_by("next_at", "pk").values_list("pk", flat=True)[:20]:
        end = Now() + timedelta(seconds=settings.LEASE_SECONDS)
        if due.filter(pk=pk).update(lease=lease, leased_until=end):
            return Source.objects.get(pk=pk)
    return None


def _look_at(source: Source) -> None:
    try:
        columns = _worked(source, _bring(source))
    except NotNow as closed:
        columns = {"next_at": timezone.now() + closed.wait}
    except FetchError as error:
        columns = _failed(source, str(error), error.retry_after)
    except SourceError as error:
        columns = _failed(source, str(error))
    except Exception:  # the edge of a task: one source must not stop the others; the traceback is kept
        log.exception("source %s", source.pk)
        columns = _failed(source, f"{Trouble.FAILED}: {traceback.format_exc(limit=-4)}")
    _settle(source, columns)


@dataclass(frozen=True)
class _Brought:
    new: int = 0
    etag: str = ""
    modified: str = ""


def _bring(source: Source) -> _Brought:
    """Ask and take in. A page at a time, for as long as everything on it is new."""
    kind = KINDS[source.kind]
    url = kind.request(source.address, source.options)
    response = _ask(kind, url, etag=source.etag, modified=source.modified)
    if response.status == 304:
        return _Brought(0, source.etag, source.modified)
    is_first = source.worked_at is None
    listing = _read(kind, response, source.options)
    _say_what_is_left(source, listing)
    taken = _take(source, kind, listing, is_first)
    new, pages = taken.new, 1
    while listing.next_url and taken.all_new and not is_first and pages < PAGES and new < AT_MOST:
        listing = _read(kind, _ask_on(kind, listing.next_url), source.options)
        taken = _take(source, kind, listing, False)
        new, pages = new + taken.new, pages + 1
    if taken.is_cut:  # the rest next time: a 304 would hide it
        return _Brought(new)
    return _Brought(new, response.headers.get("etag", "")[:512], response.headers.get("last-modified", "")[:512])


def _say_what_is_left(source: Source, listing: Listing) -> None:
    if listing.left_out:
        log.warning("source %s: %d entries beyond the cap were not read", source.pk, listing.left_out)


def _ask(kind: Kind, url: str, **validators: str) -> Response:
    return ask(url, by_person=not kind.hears_robots, **validators)


def _ask_on(kind: Kind, url: str) -> Response:
    """The next page of a listing: the host's pause is waited for, not skipped."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return _ask(kind, url)
        except NotNow as closed:
            wait = closed.wait.total_seconds()
            if time.monotonic() + wait > until:
                raise
            time.sleep(wait)


def _read(kind: Kind, response: Response, options: dict[str, Any]) -> Listing:
    """The listing of what came. A page that asks for a person counts against its host, as it does for articles."""
    host = response.url.split("/")[2].lower()
    try:
        listing = read(kind, response.body, url=response.url, content_type=response.content_type, options=options)
    except SourceError as error:
        if error.reason == Trouble.CHALLENGE:
            Host.objects.saw_wall(host)
        raise
    Host.objects.saw_page(host)
    return listing


def _take(source: Source, kind: Kind, listing: Listing, is_first: bool) -> Taken:
    return take(source, listing, is_ordered=kind.is_ordered, first=is_first, is_sample=source.is_sample)


def _worked(source: Source, brought: _Brought) -> dict[str, Any]:
    now = timezone.now()
    columns: dict[str, Any] = {
        "etag": brought.etag,
        "modified": brought.modified,
        "failures": 0,
        "error": "",
        "tried_at": now,
        "worked_at": now,
        "next_at": now + source.cadence * _random.uniform(0.9, 1.1),
    }
    if brought.new:
        columns["found_at"] = now
    if brought.new or source.failures:
        columns["alerted_at"] = None  # that trouble is over; the next is told anew
    return columns


def _failed(source: Source, error: str, retry_after: int | None = None) -> dict[str, Any]:
    now = timezone.now()
    wait = max(back_off(source.failures + 1), timedelta(seconds=retry_after or 0))
    error = error.replace("\0", "\ufffd")[:4000]
    return {"failures": source.failures + 1, "error": error, "tried_at": now, "next_at": now + wait}


def back_off(failures: int) -> timedelta:
    """A random part of 15 minutes, doubled with each failure up to 24 hours; a minute at least."""
    ceiling = min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    return max(ceiling * _random.random(), SHORTEST_WAIT)


def _settle(source: Source, columns: dict[str, Any]) -> None:
    """Give the source back, unless the lease ran out and another worker has it by now."""
    mine = Source.objects.filter(pk=source.pk, lease=source.lease)
    if not mine.update(lease="", leased_until=Now(), **columns):
        log.warning("source %s: another worker has it by now", source.pk)
