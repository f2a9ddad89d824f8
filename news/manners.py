"""One polite visit: the host's turn is taken, its robots.txt is heard, the page is asked for, the turn is given back.

Whoever asks a site for anything (articles, sources, pictures, published links) does it through `ask`, so that all
workers together never send a host two requests at a time, nor two closer than its pace (P14). A redirect and a
robots.txt are requests too: each waits for its own turn.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings

from news import robots
from news.extract import Page
from news.http import IMAGES, FetchError, Guard, Onward, Reason, Response, fetch
from news.models import Host, PageState

PATIENCE_S = 15.0  # a visit on its way waits so long for its next turn; for a longer one the worker is not kept
HELD_S = 10.0  # a turn lasts this much longer than a fetch may
LOOK_AGAIN_S = 0.5
RATE_PAUSE_S = 120.0  # of a host that says "too many" and not for how long
TOO_OFTEN_REST = timedelta(minutes=15)  # of a host whose page says it
_TOO_OFTEN = re.compile("频繁|頻繁|too (?:often|frequent)")


class NotNow(Exception):
    """The host is another worker's or must rest: ask again after `wait`. No try was made.

    `url`: where to go on, of a visit that a redirect has led so far already; else empty.
    """

    def __init__(self, wait: timedelta, url: str = "") -> None:
        super().__init__(wait, url)
        self.wait = wait
        self.url = url


def ask(url: str, *, by_person: bool = False, **options: Any) -> Response:
    """GET `url` in the host's turn; `options` as `news.http.fetch` has them. Raises NotNow or FetchError.

    `by_person`: somebody handed us this very link, so we are no more of a machine than a browser is; without it the
    site's robots.txt is heard, as CRAWL_ROBOTS says. A Retry-After and a wall keep the host closed for as long as they
    say.
    """
    host = _host(url, options)
    if not Host.objects.take_turn(host, settings.CRAWL_TIMEOUT + HELD_S):
        raise NotNow(Host.objects.rest(host))
    return ask_in_turn(url, host, by_person=by_person, **options)


def ask_in_turn(url: str, host: str, *, by_person: bool = False, **options: Any) -> Response:
    """The same for a caller that holds the host's turn already; the turn ends here."""
    with _Turn(host) as turn:
        if _heeds_robots(by_person, options):
            _hear_robots(turn, url, options)
        return _visit(turn, url, options)


def lead_of(url: str, host: str) -> str | Response:
    """Where a short link leads, in the turn of its host that the caller holds; the hop is not taken.

    A shortener may name any public place: that is what it is for. One that answers with a page gives that page.
    """
    with _Turn(host) as turn:
        try:
            with turn.request():
                return fetch(url, one_hop=True, allowed=lambda _host: True)
        except Onward as onward:
            return onward.url
        except FetchError as error:
            if error.reason == Reason.HTTPS_DOWNGRADE:  # nothing is asked in the clear here: it is a link like any
                return error.detail
            raise


def tell_host(host: str, page: Page) -> None:
    """Keep what a page that came says of its host: walls close it, pages open it, "too often" closes it at once."""
    if page.state != PageState.BLOCKED:
        return Host.objects.saw_page(host)
    if says_too_often(page):
        Host.objects.leave_alone(host, TOO_OFTEN_REST)
    return Host.objects.saw_wall(host)


def says_too_often(page: Page) -> bool:
    return page.state == PageState.BLOCKED and bool(_TOO_OFTEN.search(page.reason))


def _host(url: str, options: dict[str, Any]) -> str:
    """The one spelling of the host, so that no other spelling gets a turn of its own."""
    guard: Guard = options.get("guard") or Guard()
    return guard.check(url).host


def _heeds_robots(by_person: bool, options: dict[str, Any]) -> bool:
    """CRAWL_ROBOTS: "sources" for what a machine came upon by itself, pictures not; "all"; "off"."""
    if settings.CRAWL_ROBOTS == "sources":
        return not by_person and options.get("types") != IMAGES
    return bool(settings.CRAWL_ROBOTS == "all")


def _hear_robots(turn: "_Turn", url: str, options: dict[str, Any]) -> None:
    host = Host.objects.get(name=turn.host)
    if not robots.is_known(host):
        kept = {name: value for name, value in options.items() if name == "guard"}
        try:
            robots.learn(host, url, lambda place: _visit(turn, place, kept | {"cut_at": robots.LARGEST}))
        except NotNow:  # a robots.txt that is somewhere else, behind a long rest, is none
            robots.none_there(host)
        turn.take(host.name)
    robots.check(host, url)


def _visit(turn: "_Turn", url: str, options: dict[str, Any]) -> Response:
    """The page behind `url`, a hop a turn. Time that is spent waiting for a turn is our own and not the site's."""
    hops: tuple[str, ...] = ()
    left = settings.CRAWL_TIMEOUT
    while True:
        began = time.monotonic()
        try:
            with turn.request():
                return fetch(url, one_hop=True, came_by=hops, seconds=max(0.001, left), **options)
        except Onward as onward:
            url, hops = onward.url, onward.hops
        left -= time.monotonic() - began
        turn.take(_host(url, options), url)


class _Turn:
    """The turn that a visit holds: one host's at a time, from before a request until after it."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._held = True

    def __enter__(self) -> "_Turn":
        return self

    def __exit__(self, *_: object) -> None:
        """A turn in which nothing was asked leaves no pause behind."""
        if self._held:
            self._held = False
            Host.objects.release(self.host)

    @contextmanager
    def request(self) -> Iterator[None]:
        """One request; the turn ends with it, and what the site said of its rest is kept."""
        pause: float | None = None
        try:
            yield
        except FetchError as error:
            pause = error.retry_after
            if error.reason == Reason.CHALLENGE:
                Host.objects.saw_wall(self.host)
            elif error.reason == Reason.RATE_LIMITED and pause is None:
                pause = RATE_PAUSE_S
            raise
        finally:
            self._held = False
            Host.objects.give_back(self.host, pause)

    def take(self, host: str, url: str = "") -> None:
        """Wait for the turn of the host that is next; raises NotNow with the place to go on at where it is far off."""
        until = time.monotonic() + PATIENCE_S
        self.host = host
        while not Host.objects.take_turn(host, settings.CRAWL_TIMEOUT + HELD_S):
            rest = Host.objects.rest(host)
            if time.monotonic() + rest.total_seconds() > until:
                raise NotNow(rest, url)
            time.sleep(min(rest.total_seconds(), LOOK_AGAIN_S))
        self._held = True
