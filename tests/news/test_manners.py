"""A polite visit: never two requests to a host at a time, nor closer than its pace; redirects and workers included."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from news import manners
from news.http import FetchError, Reason
from news.manners import NotNow, ask
from news.models import Host
from tests.news.http.hostile import Listener, guard_for, page, redirect

BASE = Path(__file__).resolve().parents[2]
PACE = 0.3
Listen = Callable[..., Listener]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pace(settings, monkeypatch):
    settings.CRAWL_PACE, settings.CRAWL_ROBOTS = PACE, "off"
    monkeypatch.setattr(manners, "LOOK_AGAIN_S", 0.02)


def clocked(server: Listener, answer: bytes) -> tuple[Callable, list[tuple[float, float]]]:
    """An answer that notes when its request came and when it was answered."""
    spans: list[tuple[float, float]] = []

    def reply(connection, request):
        came = time.monotonic()
        time.sleep(0.05)
        spans.append((came, time.monotonic()))
        connection.sendall(answer)

    return reply, spans


def test_a_turn_ends_with_the_pace(listen: Listen) -> None:
    server = listen({"/": page()})
    assert ask(server.url(), guard=guard_for(server)).status == 200
    with pytest.raises(NotNow) as caught:
        ask(server.url(), guard=guard_for(server))
    assert timedelta(0) < caught.value.wait <= timedelta(seconds=1)
    assert caught.value.url == ""
    assert server.connections == 1


def test_every_spelling_of_a_host_shares_its_turn(listen: Listen) -> None:
    server = listen({"/": page()})
    ask(server.url(), guard=guard_for(server))
    for host in ("PAGE.example", "page.example.", "ｐage.example"):
        with pytest.raises(NotNow):
            ask(server.url(host=host), guard=guard_for(server))
    assert list(Host.objects.values_list("name", flat=True)) == ["page.example"]


def test_a_redirect_within_a_host_waits_for_the_pace(listen: Listen) -> None:
    server = listen()
    first, began = clocked(server, redirect("/b"))
    second, went = clocked(server, page())
    server.answers = {"/a": first, "/b": second}
    response = ask(server.url("/a"), guard=guard_for(server))
    assert (response.url, response.hops) == (server.url("/b"), (server.url("/a"),))
    assert went[0][0] - began[0][1] >= PACE


def test_a_hop_takes_the_turn_of_the_other_host(listen: Listen) -> None:
    server = listen()
    server.answers = {"/a": redirect(server.url("/b", "www.page.example")), "/b": page()}
    Host.objects.take_turn("www.page.example", 30)
    Host.objects.give_back("www.page.example", 60)
    with pytest.raises(NotNow) as caught:
        ask(server.url("/a"), guard=guard_for(server))
    assert caught.value.url == server.url("/b", "www.page.example")
    assert timedelta(seconds=50) < caught.value.wait <= timedelta(seconds=60)
    assert server.connections == 1
    assert Host.objects.get(name="page.example").busy_until <= timezone.now()


def test_loops_and_long_chains_are_still_found(listen: Listen, settings) -> None:
    settings.CRAWL_PACE = 0.0
    server = listen({"/x": redirect("/y"), "/y": redirect("/x")} | {f"/{n}": redirect(f"/{n + 1}") for n in range(9)})
    assert reason(server, "/x") == Reason.REDIRECT_LOOP
    assert reason(server, "/0") == Reason.TOO_MANY_REDIRECTS
    assert server.connections == 2 + 6


def test_hops_stay_within_the_site_that_was_named_first(listen: Listen, settings) -> None:
    settings.CRAWL_PACE = 0.0
    server = listen()
    server.answers = {
        "/a": redirect(server.url("/b", "www.page.example")),
        "/b": redirect(server.url("/c", "o.example")),
    }
    assert reason(server, "/a") == Reason.REDIRECT_OFF_ALLOWLIST


@pytest.mark.parametrize(
    ("status", "lines", "seconds"),
    [
        ("429 Slow Down", ["Retry-After: 120"], 120),
        ("503 Busy", ["Retry-After: Wed, 21 Oct 2099 07:28:00 GMT"], 86400),
        ("429 Slow Down", ["Retry-After: abc"], manners.RATE_PAUSE_S),
        ("429 Slow Down", ["Retry-After: 99999999999999999999"], manners.RATE_PAUSE_S),
        ("503 Busy", ["Retry-After: -5"], manners.RATE_PAUSE_S),
        ("403 Forbidden", ["cf-mitigated: challenge"], 3600),
    ],
)
def test_what_a_site_says_of_its_rest_holds_for_the_whole_host(
    listen: Listen, status: str, lines: list[str], seconds: float
) -> None:
    server = listen({"/": page(b"", *lines, status=status), "/other": page()})
    with pytest.raises(FetchError):
        ask(server.url(), guard=guard_for(server))
    rest = Host.objects.get().next_at - timezone.now()
    assert timedelta(seconds=seconds - 10) < rest <= timedelta(seconds=seconds)
    with pytest.raises(NotNow):
        ask(server.url("/other"), guard=guard_for(server))
    assert server.connections == 1


def test_a_host_paces_itself_by_the_longest_of_three(listen: Listen) -> None:
    server = listen({"/": page()})
    for pace, delay, expected in ((None, 0.0, PACE), (7.0, 0.0, 7.0), (0.0, 0.0, 0.0), (7.0, 40.0, 40.0)):
        Host.objects.update_or_create(
            name="page.example", defaults={"pace": pace, "robots_delay": delay, "next_at": timezone.now()}
        )
        ask(server.url(), guard=guard_for(server))
        host = Host.objects.get()
        assert host.seconds_between == expected
        assert timedelta(seconds=expected - 5) < host.next_at - timezone.now() <= timedelta(seconds=expected)


def test_walls_keep_a_host_shut_twice_as_long_each_time() -> None:
    Host.objects.create(name="page.example")
    rests = []
    for _ in range(9):
        Host.objects.update(next_at=timezone.now())
        Host.objects.saw_wall("page.example")
        rests.append(round((Host.objects.get().next_at - timezone.now()) / timedelta(hours=1)))
    assert rests == [0, 0, 1, 2, 4, 8, 16, 24, 24]
    assert Host.objects.closed().count() == 1
    assert Host.objects.get().closed_until == Host.objects.get().next_at


def test_an_editor_opens_what_walls_closed_and_nothing_else(admin_client) -> None:
    later = timezone.now() + timedelta(hours=2)
    walled = Host.objects.create(name="walled.example", walls=3, next_at=later)
    told = Host.objects.create(name="told.example", next_at=later)
    listing = reverse("admin:news_host_changelist")
    shown = admin_client.get(listing).content.decode()
    assert "连续 3 次要求验证，暂停访问到" in shown
    assert "网站要求稍后再来" in shown
    admin_client.post(listing, {"action": "reopen", "_selected_action": [walled.pk, told.pk]})
    walled.refresh_from_db()
    told.refresh_from_db()
    assert (walled.walls, told.next_at) == (3, later)
    assert timedelta(0) < walled.next_at - timezone.now() <= timedelta(seconds=PACE)


@pytest.mark.parametrize(("pace", "kept"), [("2.5", 2.5), ("", None), ("-1", 9.0), ("nan", 9.0), ("99999", 9.0)])
def test_an_editor_sets_a_hosts_pace(admin_client, pace: str, kept: float | None) -> None:
    host = Host.objects.create(name="page.example", pace=9.0)
    admin_client.post(reverse("admin:news_host_change", args=[host.pk]), {"pace": pace})
    assert Host.objects.get().pace == kept


def test_a_worker_that_died_in_its_turn_keeps_the_host_for_the_pace_as_well() -> None:
    Host.objects.create(name="page.example", pace=60)
    assert Host.objects.take_turn("page.example", 30)
    assert timedelta(seconds=80) < Host.objects.get().busy_until - timezone.now() <= timedelta(seconds=90)


def test_a_host_that_is_refused_gets_no_turn() -> None:
    with pytest.raises(FetchError) as caught:
        ask("http://169.254.169.254/latest")
    assert caught.value.reason == Reason.SSRF_POLICY
    assert Host.objects.count() == 0


WORKER = """
import sys, time, django
django.setup()
from news.http import Guard
from news.manners import NotNow, ask
guard = Guard(resolver=lambda host: ["127.0.0.1"], permit=lambda address: True, ports=frozenset({int(sys.argv[1])}))
done = 0
while done < 3:
    try:
        ask(f"http://page.example:{sys.argv[1]}/a", guard=guard)
        done += 1
    except NotNow:
        time.sleep(0.01)
"""


@pytest.mark.django_db(transaction=True)
def test_workers_in_processes_of_their_own_share_the_pace(listen: Listen, settings) -> None:
    """Three workers, three visits each, every visit with a redirect: 18 requests, seen from the server."""
    server = listen()
    first, began = clocked(server, redirect("/b"))
    second, went = clocked(server, page())
    server.answers = {"/a": first, "/b": second}
    name = settings.DATABASES["default"]["NAME"]
    code = f"import tests.settings as s; s.DATABASES['default']['NAME'] = {name!r}; s.CRAWL_PACE = 0.05\n{WORKER}"
    code = code.replace("s.CRAWL_PACE = 0.05", "s.CRAWL_PACE = 0.05; s.CRAWL_ROBOTS = 'off'")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(BASE)}
    workers = [
        subprocess.Popen([sys.executable, "-c", code, str(server.port)], cwd=BASE, env=environment) for _ in range(3)
    ]
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    spans = sorted(began + went)
    assert len(spans) == 18
    gaps = [after[0] - before[1] for before, after in itertools.pairwise(spans)]
    assert min(gaps) >= 0.05


def reason(server: Listener, path: str) -> Reason:
    with pytest.raises(FetchError) as caught:
        ask(server.url(path), guard=guard_for(server))
    return caught.value.reason
