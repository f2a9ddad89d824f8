"""A site's robots.txt (RFC 9309): asked for once a day in the host's own turn, and kept with the host.

| what came                    | means                                                          |
|------------------------------|----------------------------------------------------------------|
| 200                          | its rules, of the first 512 KiB                                |
| 4xx, a page, what is no text | there are none: everything may be asked                        |
| 5xx, 429, no answer          | nothing may be asked for now; it is looked at again in an hour |
"""

import functools
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from protego import Protego

from news.http import FetchError, Reason, Response
from news.models import Host

LARGEST = 512 * 1024
KEPT, KEPT_UNANSWERED = timedelta(hours=24), timedelta(hours=1)
LONGEST_DELAY_S = 60.0
_NO_RULES = (Reason.EMPTY, Reason.CHALLENGE)  # beside the permanent ones: an answer, but no rules


def address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def is_known(host: Host) -> bool:
    """Whether what the host's robots.txt said is fresh enough to go by."""
    kept = KEPT if host.robots_status else KEPT_UNANSWERED
    return host.robots_at is not None and timezone.now() - host.robots_at < kept


def learn(host: Host, url: str, visit: Callable[[str], Response]) -> None:
    """Ask for the robots.txt that speaks for `url` by `visit`, and keep what it says.

    Raises the FetchError of a host that gave no answer: no page will come from there either.
    """
    try:
        response = visit(address(url))
    except FetchError as error:
        if error.permanent or error.reason in _NO_RULES:
            return none_there(host)
        _keep(host, 0, "")
        raise
    return _keep(host, response.status, _text(response))


def none_there(host: Host) -> None:
    """Keep that the host has no rules."""
    _keep(host, 404, "")


def check(host: Host, url: str) -> None:
    """Raises FetchError ROBOTS where the rules want no machine at `url`; where they are unknown, not for good."""
    if not host.robots_status:
        again = (host.robots_at or timezone.now()) + KEPT_UNANSWERED - timezone.now()
        wait = max(1, int(again.total_seconds()) + 1)
        raise FetchError(Reason.ROBOTS, permanent=False, retry_after=wait, detail="robots.txt gave no answer")
    if not _rules(host.robots_text).can_fetch(url, _token()):
        raise FetchError(Reason.ROBOTS, detail=f"robots.txt of {host.name} asks machines to leave this page")


def _keep(host: Host, status: int, text: str) -> None:
    delay = _rules(text).crawl_delay(_token()) or 0.0
    host.robots_status, host.robots_text, host.robots_at = status, text, timezone.now()
    host.robots_delay = min(max(0.0, delay), LONGEST_DELAY_S) if delay == delay else 0.0  # NaN is no delay
    host.save(update_fields=["robots_status", "robots_text", "robots_at", "robots_delay"])
    Host.objects.leave_alone(host.name, timedelta(seconds=host.robots_delay))  # from now on, not from the next visit


def _text(response: Response) -> str:
    """UTF-8, as the RFC has it; a page in its place is no set of rules. PostgreSQL takes no NUL."""
    text = response.body.decode("utf-8-sig", "replace").replace("\0", "\ufffd")
    return "" if text.lstrip().startswith("<") else text


def _token() -> str:
    """Our name as robots.txt files spell it: the first word of how we introduce ourselves."""
    return settings.CRAWL_USER_AGENT.split("/")[0].strip()


@functools.lru_cache(maxsize=64)
def _rules(text: str) -> Protego:
    return Protego.parse(text)
