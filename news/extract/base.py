"""What an extractor hands back: a Page, and the closed lists its fields come from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

STATES = (
    "ok",
    "deleted",
    "violation",
    "unavailable",
    "blocked",
    "temporary_expired",
    "bad_request",
    "paid",
    "moved",
)
KINDS = (
    "article",
    "image_share",
    "text_share",
    "repost",
    "share_card",
    "video",
    "audio",
    "fragment",
)
# Our own codes in `reason`, where the page itself gives no words for its state.
CODES = ("truncated", "empty", "too_deep", "too_large", "undecoded", "preview")
BEIJING = timezone(timedelta(hours=8), "UTC+08:00")


@dataclass(frozen=True)
class Page:
    """A page as read. Only a page whose `state` is "ok" has a body; never part of one."""

    state: str
    site: str
    kind: str = "article"
    title: str = ""
    account: str = ""
    byline: str = ""
    published: datetime | date | None = None  # a moment in +08:00, or the bare date that the page shows
    original: bool | None = None
    source_url: str = ""  # of a repost: the original's address
    canonical_url: str = ""  # the address that the page gives itself, canonicalised
    html: str = ""  # sanitised, safe to store and to show
    text: str = ""  # one paragraph a line
    images: int = 0
    hidden: int = 0  # characters dropped because a reader could not have seen them
    reason: str = ""  # of a page that is not ok: its own words, or one of CODES
    moved_to: str = ""


class Unreadable(Exception):
    """The page is no article: `state` and `reason` say why. Raised in this room only; read() makes a Page of it."""

    def __init__(self, state: str, reason: str, moved_to: str = "") -> None:
        super().__init__(state, reason)
        self.state = state
        self.reason = reason
        self.moved_to = moved_to
