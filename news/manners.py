"""One polite visit: the host's turn is taken, its robots.txt is heard, the page is asked for, the turn is given back.

Whoever asks a site for anything (articles, sources, pictures, published links) does it through `ask`, so that all
workers together never send a host two requests at a time, nor two closer than its pace (P14).
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from news.http import FetchError, Reason, Response, fetch
from news.models import Host


class NotNow(Exception):
    """The host is another worker's or must rest: ask again after `wait`. Nothing was sent, no try was made."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


def ask(url: str, **options: Any) -> Response:
    """GET `url` in the host's turn; `options` as `news.http.fetch` has them. Raises NotNow or FetchError.

    A Retry-After and a wall keep the host closed for as long as they say.
    """
    host = urlsplit(url).hostname or ""
    if not Host.objects.take_turn(host, settings.CRAWL_TIMEOUT + 10):
        raise NotNow(Host.objects.rest(host))
    return ask_in_turn(url, host, **options)


def ask_in_turn(url: str, host: str, **options: Any) -> Response:
    """The same for a caller that holds the host's turn already; the turn ends here."""
    pause: float | None = None
    try:
        return fetch(url, **options)
    except FetchError as error:
        pause = error.retry_after
        if error.reason == Reason.CHALLENGE:
            Host.objects.saw_wall(host)
        raise
    finally:
        Host.objects.give_back(host, pause)
