"""What every kind of source gives: a Listing of Entries out of what arrived, or a SourceError with its reason."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urljoin

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.extract import charset, states
from news.extract.base import BEIJING, Unreadable
from news.text import folded

MAX_CHARACTERS = 5 * 2**20


class Trouble(StrEnum):
    """Why what arrived is no listing. Closed; `reasons.py` has the words for these and for `news.http.Reason`."""

    NO_FEED = "no_feed"
    NO_LIST = "no_list"
    SELECTOR = "selector"
    CHALLENGE = "challenge"
    GONE = "gone"
    UNREADABLE = "unreadable"
    HOSTILE = "hostile"
    BY_HAND = "by_hand"
    FAILED = "failed"


class SourceError(Exception):
    """A source brought nothing. `detail` is for the desk and may hold what a hostile page said."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


@dataclass(frozen=True)
class Entry:
    """One link of a listing. Texts are folded and short; `html` is as it came: sanitise before storing."""

    url: str
    title: str = ""
    account: str = ""  # who publishes
    author: str = ""  # the byline
    published: datetime | None = None
    html: str = ""  # only where it is the whole text
    summary: str = ""

    def tidy(self) -> "Entry":
        published = self.published if self.published and self.published < timezone.now() + timedelta(days=1) else None
        return replace(
            self,
            url=self.url.strip().replace("\0", ""),
            title=folded(self.title)[:500],
            account=folded(self.account)[:200],
            author=folded(self.author)[:200],
            summary=folded(self.summary)[:1000],
            published=published,
        )


@dataclass(frozen=True)
class Listing:
    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    next_url: str = ""  # where it goes on, of listings in pages
    left_out: int = 0  # entries beyond the kind's cap, which are not read

    def tidy(self, ordered: bool = True) -> "Listing":
        """Each address once, newest first where every entry has a time, else as it came."""
        entries = list({entry.url: entry for entry in map(Entry.tidy, reversed(self.entries)) if entry.url}.values())
        entries.reverse()
        if ordered and all(entry.published for entry in entries):
            entries.sort(key=lambda entry: entry.published or datetime.min.replace(tzinfo=UTC), reverse=True)
        return replace(self, title=folded(self.title)[:200], entries=entries)


class Options(forms.Form):
    """The options of a kind without any; each kind's own are further form fields."""


class Kind:
    """A kind of source: how it is asked and how what arrived is read. Pure: `poll.py` does the asking."""

    label: ClassVar[str | Promise]
    help: ClassVar[str | Promise] = ""
    address_label: ClassVar[str | Promise] = _("地址")  # empty: this kind needs no address
    is_polled: ClassVar[bool] = True
    hears_robots: ClassVar[bool] = True  # robots.txt is for who crawls; a feed is published for readers that come by
    is_ordered: ClassVar[bool] = True  # newest first: what stands behind the oldest known entry is its archive
    options: ClassVar[type[forms.Form]] = Options

    def check(self, address: str) -> str:
        """The address as it is kept. Raises ValidationError in words that say what to give instead."""
        return address

    def request(self, address: str, options: dict[str, object]) -> str:
        """The URL to ask."""
        return address

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        """The listing in a text that came from `url`. Raises SourceError or Unreadable."""
        raise NotImplementedError  # each kind has its own; this class says only what it promises


def read(kind: Kind, body: bytes, *, url: str = "", content_type: str = "", options: dict[str, object]) -> Listing:
    """What `kind` finds in the bytes that arrived. Raises SourceError, and nothing else for any bytes.

    A page that asks for a person, or says that it is gone, is told as that and never as an empty listing.
    """
    try:
        text = charset.decode(body[:MAX_CHARACTERS], content_type)
        try:
            return kind.read(text, url, options).tidy(kind.is_ordered)
        except SourceError as error:
            raise _said_by_page(text) or error from None
    except Unreadable as told:
        raise SourceError(Trouble.UNREADABLE, f"{told.state} {told.reason}".strip()) from told


def _said_by_page(text: str) -> SourceError | None:
    told = states.notice(text)
    if told is None:
        return None
    return SourceError(Trouble.CHALLENGE if told.state == "blocked" else Trouble.GONE, told.reason)


def join(base: str, link: str) -> str:
    """`link` made absolute; nothing where it is no address at all, e.g. `http://[`."""
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def as_moment(found: datetime | date | None) -> datetime | None:
    """A bare date is the beginning of that day in China."""
    if found is None or isinstance(found, datetime):
        return found
    return datetime.combine(found, time(), BEIJING)


def refuse(words: Any) -> ValidationError:
    return ValidationError(words, code="address")
