"""Where a hop may lead: public, never down to http, and among the hosts that somebody named."""

import re
from collections.abc import Callable, Collection
from urllib.parse import urljoin

import tld

from news.http.errors import CHALLENGE_PAUSE_S, FetchError, Reason
from news.http.guard import Guard, Target
from news.http.names import is_address

Allowed = Callable[[str], bool] | Collection[str] | None


def allow(allowed: Allowed, first: Target) -> Callable[[str], bool]:
    """The rule of which hosts may be visited, as a function of a host.

    None: an editor or a source named the first URL, and with it its site; hops stay inside the registrable domain
    (mp.weixin.qq.com may send us to another name under qq.com). A collection: these hosts and the names under them,
    compared by whole labels; the first URL's host too must be among them.
    """
    if callable(allowed):
        return allowed
    suffixes = [_site(first.host)] if allowed is None else [suffix.lower().strip(".") for suffix in allowed]
    return lambda host: any(_is_under(host, suffix) for suffix in suffixes)


def follow(guard: Guard, here: Target, location: str, is_allowed: Callable[[str], bool]) -> Target:
    """The next hop of a redirect. Raises FetchError."""
    there = _target(guard, here, location)
    if _is_wall(there):
        raise FetchError(Reason.CHALLENGE, retry_after=CHALLENGE_PAUSE_S, detail=f"sent to {there.host}")
    if here.scheme == "https" and there.scheme == "http":
        raise FetchError(Reason.HTTPS_DOWNGRADE, detail=there.url)
    if not is_allowed(there.host):
        raise FetchError(Reason.REDIRECT_OFF_ALLOWLIST, detail=there.host)
    return there


def _target(guard: Guard, here: Target, location: str) -> Target:
    """Whatever the guard refuses here is the server's attempt to send us there, so it is policy, not a typing error."""
    try:
        return guard.check(urljoin(here.url, _clean(location)))
    except (FetchError, ValueError) as refused:
        raise FetchError(Reason.SSRF_POLICY, detail=f"redirect to {location[:200]!r}: {refused}") from refused


def _clean(location: str) -> str:
    """Headers come as Latin-1; servers put UTF-8 and spaces into them. Tabs and newlines stay, to be refused."""
    if not location.isascii():
        location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    location = location.strip(" ").replace(" ", "%20")
    if re.search(r"[\x00-\x20\x7f\\]", location):
        raise ValueError("characters that no URL has")
    return location


def _is_wall(target: Target) -> bool:
    """The pages where Baidu and WeChat ask for a person."""
    captcha = target.host == "mp.weixin.qq.com" and "captcha" in target.path.split("?")[0]
    return captcha or target.host == "wappass.baidu.com"


def _site(host: str) -> str:
    """The registrable domain by the public suffix list, with its private part: a.github.io is not b.github.io."""
    if is_address(host):
        return host
    return str(tld.get_fld(f"http://{host}/", fail_silently=True, search_private=True) or host)


def _is_under(host: str, suffix: str) -> bool:
    return bool(suffix) and (host == suffix or (not is_address(host) and host.endswith("." + suffix)))
