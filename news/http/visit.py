"""A visit: one URL asked, its redirects followed by hand, its answer a Response or a FetchError."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPMessage, HTTPResponse

from django.conf import settings

from news.http.body import read_body
from news.http.content import PAGES, check_body, check_declared
from news.http.deadline import Deadline
from news.http.door import Door
from news.http.errors import CHALLENGE_PAUSE_S, FetchError, Onward, Reason
from news.http.guard import Guard, Target
from news.http.proxy import Proxy
from news.http.redirect import Allowed, allow, follow
from news.http.retry import retry_after

MAX_HOPS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,512}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Response:
    """What came: a page (200), or the word that ours is still good (304, empty body)."""

    url: str  # where it was found in the end
    status: int
    headers: dict[str, str] = field(repr=False)  # names in lower case, no cookies
    body: bytes = field(repr=False)  # unpacked
    content_type: str  # as the server said it, "" where it did not
    elapsed_s: float
    hops: tuple[str, ...] = ()  # the URLs that sent us on, the first one first


def fetch(
    url: str,
    *,
    etag: str = "",
    modified: str = "",
    allowed: Allowed = None,
    types: frozenset[str] = PAGES,
    guard: Guard | None = None,
    one_hop: bool = False,
    came_by: tuple[str, ...] = (),
    seconds: float | None = None,
    cut_at: int | None = None,
) -> Response:
    """GET `url`, within CRAWL_TIMEOUT seconds and CRAWL_MAX_BYTES unpacked bytes. Raises FetchError, and nothing else.

    `etag`, `modified`: the validators of a stored copy, as its headers had them; only with one of them can a 304 come.
    `allowed`: the hosts that may be visited, see `redirect.allow`. `types`: PAGES or IMAGES.
    `guard`: for tests; no other address policy belongs into production.
    `one_hop`: a redirect is not followed but raised as Onward, for a caller who waits for the next host's turn;
    `came_by`: the hops of that Onward, which go on being counted. `seconds`: where less than CRAWL_TIMEOUT is left.
    `cut_at`: of a longer body this beginning is enough (robots.txt).
    Keeps no cookies, reads no environment proxies, follows nothing but the Location of a redirect.
    Pace is the caller's.
    """
    started = time.monotonic()
    try:
        with Deadline(settings.CRAWL_TIMEOUT if seconds is None else seconds) as deadline:
            door = Door(guard or Guard(), deadline, Proxy.parse(settings.CRAWL_PROXY), settings.CRAWL_CA_BUNDLE)
            visit = _Visit(door, _headers(etag, modified), types, started, one_hop, cut_at, list(came_by))
            return visit.begin(url, allowed)
    except FetchError as error:
        _log.info("fetch of %.200r failed: %s, %.200r", url, error.reason.value, error.detail)
        raise


@dataclass
class _Visit:
    door: Door
    headers: dict[str, str]
    types: frozenset[str]
    started: float
    one_hop: bool
    cut_at: int | None
    hops: list[str]

    def begin(self, url: str, allowed: Allowed) -> Response:
        target = self.door.guard.check(url)
        is_allowed = allow(allowed, self.door.guard.check(self.hops[0]) if self.hops else target)
        if not is_allowed(target.host):
            raise FetchError(Reason.BAD_URL, detail=f"{target.host} is not among the allowed hosts")
        while True:
            answer = self._ask(target, is_allowed)
            if isinstance(answer, Response):
                return answer
            self._note(target, answer)
            if self.one_hop:
                raise Onward(answer.url, tuple(self.hops))
            target = answer

    def _ask(self, target: Target, is_allowed: Callable[[str], bool]) -> Response | Target:
        """The body of a redirect or of an error is never read."""
        with self.door.ask(target, self.headers) as response:
            if response.status in _REDIRECTS:
                return follow(self.door.guard, target, _location(response), is_allowed)
            _check_status(response, conditional="If-None-Match" in self.headers or "If-Modified-Since" in self.headers)
            body = b"" if response.status == 304 else self._body(response)
            return self._response(target, response, body)

    def _body(self, response: HTTPResponse) -> bytes:
        check_declared(_joined(response.headers).get("content-type", ""), self.types)
        limit = self.cut_at or settings.CRAWL_MAX_BYTES
        body = read_body(response, self.door.deadline, limit, cut=self.cut_at is not None)
        check_body(body, self.types)
        return body

    def _note(self, here: Target, there: Target) -> None:
        self.hops.append(here.url)
        if there.url in self.hops:
            raise FetchError(Reason.REDIRECT_LOOP, detail=there.url)
        if len(self.hops) > MAX_HOPS:
            raise FetchError(Reason.TOO_MANY_REDIRECTS, detail=there.url)

    def _response(self, target: Target, response: HTTPResponse, body: bytes) -> Response:
        headers = _joined(response.headers)
        elapsed = time.monotonic() - self.started
        content_type = headers.get("content-type", "")
        return Response(target.url, response.status, headers, body, content_type, elapsed, tuple(self.hops))


def _headers(etag: str, modified: str) -> dict[str, str]:
    """Validators come from a server: what could not have been a header is left out, and the page is fetched whole."""
    headers = {
        "User-Agent": settings.CRAWL_USER_AGENT,
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
        "Accept-Encoding": "gzip",
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        "Connection": "close",
    }
    if _VALIDATOR.fullmatch(etag):
        headers["If-None-Match"] = etag
    if _VALIDATOR.fullmatch(modified):
        headers["If-Modified-Since"] = modified
    return headers


def _location(response: HTTPResponse) -> str:
    found = response.headers.get_all("location", [])
    if len(set(found)) != 1:
        raise FetchError(Reason.PROTOCOL, detail="a redirect to nowhere, or to two places")
    return str(found[0])


def _check_status(response: HTTPResponse, conditional: bool) -> None:
    status, headers = response.status, response.headers
    if status in (200, 203) or (status == 304 and conditional):
        return
    if status >= 400 and headers.get("cf-mitigated", "").strip().lower() == "challenge":
        raise FetchError(Reason.CHALLENGE, retry_after=CHALLENGE_PAUSE_S, detail=f"status {status}")
    wait = retry_after(headers.get("retry-after", ""))
    raise FetchError(_reason(status), retry_after=wait if status >= 400 else None, detail=f"status {status}")


def _reason(status: int) -> Reason:
    if status in (204, 205):
        return Reason.EMPTY
    if status in (404, 410):
        return Reason.NOT_FOUND
    if status in (429, 503):
        return Reason.RATE_LIMITED
    if status in range(400, 500):
        return Reason.HTTP_4XX
    return Reason.HTTP_5XX if status in range(500, 600) else Reason.PROTOCOL


def _joined(headers: HTTPMessage) -> dict[str, str]:
    """One value a name; folded lines and control characters become a space (PostgreSQL takes no NUL)."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        name, value = name.lower(), re.sub(r"[\x00-\x1f\x7f]+\s*", " ", str(value)).strip()
        if name not in ("set-cookie", "set-cookie2"):
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found
