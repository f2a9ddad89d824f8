"""Every page that links lead to, for a stranger and for an editor: the policy stands, nothing fails, all has a name."""

from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import Resolver404, path, resolve

from tests.stories.conftest import Come
from tests.stories.visitor import DESK, PHONE, Visitor

# Of the addresses of one route so many are asked for, and one is opened: filters alone make thousands of queries.
ASKED, ASKED_WITH_QUERY = 6, 3
POLICY = [
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
]


# What is only for saving, or only a picture, has a stricter one.
STRICTER = {"admin/news/snapshot/<int:pk>/download/": ["default-src 'none'", "sandbox"]}


def test_what_a_stranger_can_reach(come: Come) -> None:
    crawl = Crawl(come(PHONE))
    crawl.follow(["/", "/nothing-here/", "/issues/20990101/", "/admin/login/", "/robots.txt", "/sitemap.xml"])
    assert crawl.faults == {}
    assert {"items/<int:pk>/", "feed.rss", "events/<int:pk>/event.ics", "subscribe/", "admin/login/"} <= set(
        crawl.routes
    )


def test_what_an_editor_can_reach(come: Come) -> None:
    editor = come(DESK)
    editor.sign_in()
    crawl = Crawl(editor)
    crawl.follow(["/admin/", "/admin/nothing-here/"])
    assert crawl.faults == {}
    rooms = {route.split("/")[2] for route in crawl.routes if route.count("/") == 3 and route.startswith("admin/")}
    assert {"article", "topic", "briefing", "subscriber", "mailing", "event", "signup", "user"} <= rooms


class Crawl:
    """Follows links within the site. `faults` is what was wrong, by address."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.routes: Counter[str] = Counter()
        self.faults: dict[str, list[str]] = {}

    def follow(self, starts: list[str]) -> None:
        waiting, known = deque(starts), set(starts)
        self.routes.update(map(_route, starts))
        while waiting:
            address = waiting.popleft()
            found, links = self._look(address)
            if found:
                self.faults[address] = found
            fresh = [link for link in dict.fromkeys(links) if link not in known]
            known.update(fresh)
            waiting.extend(link for link in fresh if self._is_wanted(link))

    def _is_wanted(self, link: str) -> bool:
        key = ("?" if "?" in link else "") + _route(link)
        self.routes[key] += 1
        return self.routes[key] <= (ASKED_WITH_QUERY if key.startswith("?") else ASKED)

    def _look(self, address: str) -> tuple[list[str], list[str]]:
        """What is wrong with the page, and where it leads."""
        answer = self.visitor.context.request.get(self.visitor.site + address)
        policy = answer.headers.get("content-security-policy", "none")
        expected = STRICTER.get(_route(address), POLICY)
        faults = [] if sorted(part.strip() for part in policy.split(";")) == expected else [f"policy {policy}"]
        faults += [f"status {answer.status}"] if answer.status >= 500 else []
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return faults, []
        self.routes[f"shown {_route(address)}"] += 1
        if self.routes[f"shown {_route(address)}"] == 1:
            faults += self._show(address)
        links = BeautifulSoup(answer.text(), "lxml").select("a[href]")
        whole = [urldefrag(urljoin(answer.url, str(link["href"]))).url for link in links]
        return faults, [url.removeprefix(self.visitor.site) for url in whole if url.startswith(self.visitor.site + "/")]

    def _show(self, address: str) -> list[str]:
        before = len(self.visitor.faults())
        self.visitor.open(address)
        return [*self.visitor.examine(), *self.visitor.walk(stops=40), *self.visitor.faults()[before:]]


def _route(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return address


def _fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("", _fail)]


@pytest.mark.urls(__name__)
def test_a_page_that_fails_is_under_the_policy_too() -> None:
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert sorted(part.strip() for part in answer["Content-Security-Policy"].split(";")) == POLICY
    assert "<h1>" in answer.content.decode()
