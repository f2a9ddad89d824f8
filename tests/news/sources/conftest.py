"""A site on loopback, asked through the crawler's own proxy setting, so that the guard needs no exception."""

from collections.abc import Callable
from typing import Any

import pytest

from news.models import Host
from tests.news.http.hostile import Answer, Listener

URL = "http://blog.example/feed.xml"


@pytest.fixture
def site(listen: Callable[..., Listener], settings: Any) -> Listener:
    """Answers by full address; put answers into `site.answers`. It is the proxy of plain http."""
    server = listen({})
    settings.CRAWL_PROXY, settings.CRAWL_PACE, settings.CRAWL_ROBOTS = f"http://127.0.0.1:{server.port}", 0.0, "sources"
    return server


@pytest.fixture
def answer(site: Listener) -> Callable[[Answer], None]:
    def give(what: Answer, url: str = URL) -> None:
        site.answers[url] = what
        Host.objects.update(next_at="2000-01-01T00:00Z", busy_until="2000-01-01T00:00Z", walls=0)

    return give
