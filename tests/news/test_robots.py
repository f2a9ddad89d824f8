"""robots.txt: heard by machines, not asked twice a day, paced like any request, and never a reason to hang."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from news import manners
from news.http import IMAGES, FetchError, Reason
from news.manners import NotNow, ask
from news.models import Host
from tests.news.http.hostile import Answer, Listener, guard_for, page, redirect

Listen = Callable[..., Listener]
RULES = (
    b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n\nUser-agent: Jianbao\nDisallow: /ours\nAllow: /ours/open\n"
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pace(settings, monkeypatch):
    settings.CRAWL_PACE, settings.CRAWL_ROBOTS = 0.0, "sources"
    monkeypatch.setattr(manners, "LOOK_AGAIN_S", 0.02)


@pytest.fixture
def site(listen: Listen) -> Callable[..., Listener]:
    """A server whose every page is good, and whose robots.txt is given."""

    def start(robots: Answer) -> Listener:
        pages = ("/", "/private/a", "/ours/a", "/ours/open/a")
        return listen({"/robots.txt": robots} | dict.fromkeys(pages, page()))

    return start


def text(body: bytes, *lines: str) -> bytes:
    return page(body, *lines, kind="text/plain")


def visit(server: Listener, path: str = "/", **options: Any) -> int | Reason:
    try:
        return ask(server.url(path), guard=guard_for(server), **options).status
    except FetchError as error:
        return error.reason


def asked(server: Listener) -> list[str]:
    return [request.split()[1].decode() for request in server.requests]


def test_the_rules_for_our_name_count(site) -> None:
    server = site(text(RULES))
    assert [visit(server, path) for path in ("/ours/a", "/ours/open/a", "/private/a")] == [Reason.ROBOTS, 200, 200]
    assert asked(server) == ["/robots.txt", "/ours/open/a", "/private/a"]
    assert Host.objects.get().busy_until <= timezone.now()


def test_a_refusal_is_for_good(site) -> None:
    server = site(text(b"User-agent: *\nDisallow: /"))
    with pytest.raises(FetchError) as caught:
        ask(server.url(), guard=guard_for(server))
    assert (caught.value.reason, caught.value.permanent) == (Reason.ROBOTS, True)


@pytest.mark.parametrize(
    ("policy", "options", "expected"),
    [
        ("sources", {}, Reason.ROBOTS),
        ("sources", {"by_person": True}, 200),
        ("all", {"by_person": True}, Reason.ROBOTS),
        ("off", {}, 200),
    ],
)
def test_whose_visits_hear_it(site, settings, policy: str, options: dict, expected: int | Reason) -> None:
    settings.CRAWL_ROBOTS = policy
    assert visit(site(text(b"User-agent: *\nDisallow: /")), **options) == expected


def test_pictures_of_a_page_that_was_read_are_not_asked_for(listen: Listen) -> None:
    picture = page(b"\x89PNG\r\n\x1a\n....", kind="image/png")
    server = listen({"/robots.txt": text(b"User-agent: *\nDisallow: /"), "/a.png": picture})
    assert visit(server, "/a.png", types=IMAGES) == 200
    assert asked(server) == ["/a.png"]


def test_it_is_asked_for_once_a_day(site) -> None:
    server = site(text(b"User-agent: *\nDisallow: /private"))
    assert [visit(server), visit(server)] == [200, 200]
    assert asked(server) == ["/robots.txt", "/", "/"]
    Host.objects.update(robots_at=timezone.now() - timedelta(hours=24))
    assert visit(server) == 200
    assert asked(server)[3:] == ["/robots.txt", "/"]


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        (page(b"", status="404 Not Found"), 200),
        (page(b"", status="403 Forbidden"), 200),
        (page(b"", status="401 Unauthorized"), 200),
        (page(b"<!DOCTYPE html><p>User-agent: *\nDisallow: /"), 200),
        (page(b"\x89PNG\r\n\x1a\n", kind="image/png"), 200),
        (text(b"\x00\xff\xfe junk"), 200),
        (text(b""), 200),
        (redirect("http://169.254.169.254/"), 200),
        (redirect("/robots.txt"), 200),
        (text(b"User-agent: *\nDisallow: /\n", "Content-Encoding: br"), 200),
        (text(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n"), Reason.ROBOTS),
    ],
    ids=[
        *("404", "403", "401", "a page", "an image", "junk", "empty", "inward", "loop", "coding", "byte order mark"),
    ],
)
def test_what_is_no_set_of_rules_allows_everything(site, robots: bytes, expected: int | Reason) -> None:
    assert visit(site(robots)) == expected


def test_five_mebibytes_are_read_to_the_512th_kibibyte(site) -> None:
    line = b"Disallow: /private # " + b"x" * 42 + b"\n"
    assert len(line) == 64
    early, late = b"User-agent: *\nDisallow: /ours\n" + line * 81920, b"User-agent: *\n" + line * 81920
    server = site(text(early))
    assert [visit(server, "/ours/a"), visit(server, "/private/a"), visit(server)] == [Reason.ROBOTS, Reason.ROBOTS, 200]
    assert len(Host.objects.get().robots_text) == 512 * 1024
    Host.objects.all().delete()
    assert visit(site(text(late + b"Disallow: /ours\n")), "/ours/a") == 200


@pytest.mark.parametrize("status", ["500 Broken", "503 Busy", "429 Slow"])
def test_a_site_in_trouble_is_left_alone_for_an_hour(site, status: str) -> None:
    server = site(page(b"", "Retry-After: 0", status=status))
    first = visit(server)
    assert first in (Reason.HTTP_5XX, Reason.RATE_LIMITED)
    Host.objects.update(next_at=timezone.now())
    with pytest.raises(FetchError) as caught:
        ask(server.url(), guard=guard_for(server))
    assert (caught.value.reason, caught.value.permanent) == (Reason.ROBOTS, False)
    assert 3590 <= (caught.value.retry_after or 0) <= 3601
    assert asked(server) == ["/robots.txt"]
    server.answers["/robots.txt"] = text(b"")
    Host.objects.update(robots_at=timezone.now() - timedelta(hours=1))
    assert visit(server) == 200


def test_a_slow_one_is_cut_off(site, settings) -> None:
    settings.CRAWL_TIMEOUT = 0.3
    server = site(b"")
    server.answers["/robots.txt"] = lambda connection, request: server.drip(connection, b"H")
    assert visit(server) == Reason.DEADLINE
    assert Host.objects.get().robots_status == 0


def test_patterns_made_to_take_for_ever_do_not(listen: Listen) -> None:
    """No clock: what backtracks would not end."""
    rules = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 2000 + b"b$\n" + b"Disallow: /" + b"a*" * 2000 + b"$\n"
    path = "/" + "a" * 1500
    server = listen({"/robots.txt": text(rules), path: page()})
    assert visit(server, path) == 200


@pytest.mark.parametrize(
    ("said", "seconds"), [(b"7", 7.0), (b"0.5", 0.5), (b"600", 60.0), (b"-3", 0.0), (b"nan", 0.0), (b"x", 0.0)]
)
def test_a_crawl_delay_lengthens_the_pace(site, monkeypatch, said: bytes, seconds: float) -> None:
    monkeypatch.setattr(manners, "PATIENCE_S", 0.0)
    server = site(text(b"User-agent: *\nDisallow:\nCrawl-delay: " + said + b"\n"))
    if seconds:
        with pytest.raises(NotNow) as caught:
            ask(server.url(), guard=guard_for(server))
        assert caught.value.url == ""
    else:
        assert visit(server) == 200
    host = Host.objects.get()
    assert host.seconds_between == seconds
    assert timedelta(seconds=seconds - 5) < host.next_at - timezone.now() <= timedelta(seconds=seconds)


def test_the_pace_holds_between_robots_and_page(site, settings) -> None:
    settings.CRAWL_PACE = 20.0
    server = site(text(b""))
    with pytest.raises(NotNow) as caught:
        ask(server.url(), guard=guard_for(server))
    assert timedelta(seconds=15) < caught.value.wait <= timedelta(seconds=20)
    assert asked(server) == ["/robots.txt"]
    Host.objects.update(next_at=timezone.now())
    assert visit(server) == 200
    assert asked(server) == ["/robots.txt", "/"]
