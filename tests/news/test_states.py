"""What became of an article that did not come through: kept, counted, tried again by its rule, told in words."""

import hashlib
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from news import pipeline, retries, steps
from news.admin.states import NEXT_STEP
from news.http import FetchError, Guard, Reason, fetch
from news.models import Article, DropReason, Host, Lead, PageState, Snapshot, Source, Stage, Story
from news.sources import inbox
from tests.news.http.hostile import Listener, guard_for, page, redirect

PAGES = Path(__file__).resolve().parents[1] / "pages"
SITE = "mp.weixin.qq.com"
URL = f"https://{SITE}/s/AAAAAAAAAAAAAAAAAAAAAA"
HOUR = timedelta(hours=1)
WORDS = "每天清晨编辑们把昨夜收到的消息一条条核对清楚，再写成短短几行字。"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pace(settings) -> None:
    settings.CRAWL_PACE = 0.0


def arrived(body: bytes, **columns: Any) -> Article:
    """An article whose page was fetched just now."""
    number = Article.objects.count()
    values = {"canonical_url": f"{URL}{number}", "url": f"{URL}{number}", "host": SITE, "stage": Stage.FETCHED}
    article = Article.objects.create(**values | columns)
    snapshot(article, body)
    Host.objects.get_or_create(name=article.host)
    return article


def snapshot(article: Article, body: bytes, **columns: Any) -> Snapshot:
    values = {
        "url": article.url, "status": 200, "content_type": "text/html", "size": len(body),
        "packed": zlib.compress(body), "sha256": hashlib.sha256(body).hexdigest(),
    }  # fmt: skip
    return Snapshot.objects.create(article=article, **values | columns)


def golden(name: str) -> bytes:
    return (PAGES / SITE / f"{name}.html").read_bytes()


def read(article: Article) -> Article:
    while pipeline.advance(Stage.FETCHED):
        pass
    article.refresh_from_db()
    return article


def test_every_reason_has_its_next_step_and_every_rule_its_reason() -> None:
    assert set(NEXT_STEP) == set(DropReason)
    assert set(retries.RULES) - {retries.TRUNCATED, retries.RATE_LIMITED} < set(DropReason)


@pytest.mark.parametrize(
    ("name", "reason", "hours"),
    [
        ("deleted", DropReason.DELETED, None),
        ("violation", DropReason.VIOLATION, None),
        ("temporary_expired", DropReason.TEMPORARY_EXPIRED, None),
        ("bad_request", DropReason.BAD_REQUEST, None),
        ("paid", DropReason.PAID, None),
        ("moved", DropReason.MOVED, None),
        ("unavailable", DropReason.UNAVAILABLE, 6),
        ("blocked", DropReason.BLOCKED, 1),
        ("too_often", DropReason.BLOCKED, 0.25),
    ],
)
def test_a_page_that_is_no_article_is_kept_out_and_tried_again_by_its_rule(name, reason, hours) -> None:
    article = read(arrived(golden(name)))
    assert (article.stage, article.drop_reason, article.text, article.html) == (Stage.DROPPED, reason, "", "")
    assert near(article.retry_at, None if hours is None else hours * HOUR)


@pytest.mark.parametrize("name", ["deleted", "violation", "unavailable", "blocked", "too_often", "paid", "moved"])
def test_a_failure_of_a_second_crawl_overwrites_nothing(name: str) -> None:
    """CRAWL-036."""
    article = arrived(golden(name), text="好的正文", html="<p>好的正文</p>", title="标题", story=Story.objects.create())
    read(article)
    assert (article.stage, article.drop_reason, article.text, article.html, article.title) == (
        Stage.SUMMARISED, "", "好的正文", "<p>好的正文</p>", "标题",
    )  # fmt: skip
    assert article.state not in ("", PageState.OK)
    assert article.retry_at is None


def test_too_often_leaves_the_host_alone_at_once() -> None:
    read(arrived(golden("too_often")))
    assert near(Host.objects.get(name=SITE).next_at, HOUR / 4, exactly=True)


def test_a_page_handed_in_says_nothing_of_the_host() -> None:
    article = arrived(golden("blocked"))
    Snapshot.objects.update(origin="hand")
    read(article)
    assert Host.objects.get(name=SITE).walls == 0


def test_a_page_cut_short_comes_back_like_a_broken_connection_five_times_in_all() -> None:
    article = arrived(golden("article_2025")[:-600])
    waits = []
    for _ in range(6):
        read(article)
        assert (article.drop_reason, article.text) == (DropReason.UNREACHABLE, "")
        waits.append(article.retry_at and round((article.retry_at - timezone.now()) / timedelta(minutes=1), 1))
        if not article.retry_at:
            break
        back_in_time(article)
        pipeline.sweep()
        article.refresh_from_db()
        assert article.stage == Stage.FOUND
        Article.objects.update(stage=Stage.FETCHED, attempts=0)
    assert len(waits) == 5
    for wait, (low, high) in zip(waits, ((1, 1.3), (5, 6.3), (30, 37.6), (120, 150.1)), strict=False):
        assert low - 0.1 <= wait <= high
    assert waits[4] is None


def test_the_retries_of_a_wall_wait_for_the_breaker_and_end() -> None:
    article = read(arrived(golden("blocked")))
    for expected in (6, 24, None):
        back_in_time(article)
        Host.objects.update(walls=3, next_at=timezone.now() + HOUR)
        pipeline.sweep()
        article.refresh_from_db()
        assert article.stage == Stage.DROPPED
        Host.objects.update(next_at=timezone.now())
        pipeline.sweep()
        article.refresh_from_db()
        assert (article.stage, article.attempts, article.retry_at) == (Stage.FOUND, retries.FETCH_TRIES - 1, None)
        Article.objects.update(stage=Stage.FETCHED, attempts=0)
        read(article)
        assert near(article.retry_at, expected and expected * HOUR)
    assert article.retries == 3
    article.retry()
    article.refresh_from_db()
    assert (article.stage, article.retries, article.attempts) == (Stage.FOUND, 0, 0)


def test_two_sweeps_send_an_article_back_once() -> None:
    article = read(arrived(golden("unavailable")))
    back_in_time(article)
    assert [article.retry_by_itself(4), article.retry_by_itself(4)] == [True, False]
    assert Article.objects.get().retries == 1


def test_the_jitter_spreads_and_never_shortens_a_rule() -> None:
    waits = [retries.next_try(DropReason.BLOCKED, 0) or timedelta() for _ in range(200)]
    assert min(waits) >= HOUR
    assert max(waits) <= 1.25 * HOUR
    assert max(waits) - min(waits) > 0.2 * HOUR
    tries = [retries.backoff(4) for _ in range(200)]
    assert max(tries) - min(tries) > 0.5 * max(tries)
    assert retries.next_try(DropReason.DELETED, 0) is None
    assert retries.next_try(DropReason.BLOCKED, 3) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", DropReason.EMPTY),
        (f"<p>{'字' * 79}</p>", DropReason.EMPTY),
        (f"<p>{'字 ' * 80}</p>", ""),
        ('<p>看图。</p><p><img data-src="https://mmbiz.qpic.cn/a/640?wx_fmt=png"></p>', ""),
    ],
    ids=["nothing", "79 characters", "80 characters", "a picture"],
)
def test_next_to_no_text_is_no_article(body: str, expected: str) -> None:
    """CRAWL-034."""
    assert read(arrived(wechat(body))).drop_reason == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<section>" * 5_000 + "</section>" * 5_000, "too_deep"),
        ("<section>" * 20_000 + "</section>" * 20_000, "too_large"),
        (f"<p>{'字' * 100_001}</p>", "too_large"),
    ],
    ids=["boxes in boxes", "more tags than MAX_TAGS", "a longer text than MAX_TEXT"],
)
def test_a_page_made_to_cost_time_is_dropped_whole_and_not_tried_again(body: str, reason: str) -> None:
    """CRAWL-026."""
    article = read(arrived(wechat(body)))
    assert (article.drop_reason, article.state_reason, article.retry_at) == (DropReason.UNREADABLE, reason, None)
    assert article.text == ""


def test_short_posts_are_articles() -> None:
    for name in ("image_post", "text_post"):
        assert read(arrived(golden(name))).drop_reason == ""


def test_the_same_few_lines_at_a_third_address_are_no_article() -> None:
    """CRAWL-035."""
    stub = wechat(f"<p>{WORDS * 4}</p>")
    first, second, third = (read(arrived(stub)) for _ in range(3))
    fourth = read(arrived(stub))
    for article in (first, second, third, fourth):
        article.refresh_from_db()
        assert (article.stage, article.drop_reason) == (Stage.DROPPED, DropReason.BOILERPLATE)
    assert third.text == fourth.text == ""


@pytest.mark.parametrize("difference", ["account", "host", "length"])
def test_honest_repeats_stay(difference: str) -> None:
    for number in range(3):
        account = f"小报{number}" if difference == "account" else "小报"
        host = f"h{number}.example.com" if difference == "host" else SITE
        text = WORDS * (20 if difference == "length" else 4)
        assert read(arrived(wechat(f"<p>{text}</p>", account), host=host)).drop_reason == ""


def visited(server: Listener, monkeypatch: pytest.MonkeyPatch, path: str = "/a", **columns: Any) -> Article:
    """An article on a loopback server, found by a person, with one try at fetching made."""
    host = columns.pop("host", "page.example")
    url = f"http://{host}:{server.port}{path}"
    guard = guard_for(server)
    ask = steps.ask_in_turn
    monkeypatch.setattr(steps, "ask_in_turn", lambda *given, **options: ask(*given, guard=guard, **options))
    article = Article.objects.create(**{"canonical_url": url, "url": url, "host": host} | columns)
    pipeline.advance(Stage.FOUND)
    article.refresh_from_db()
    return article


def test_an_unchanged_page_is_not_read_again(listen: Callable[..., Listener], monkeypatch) -> None:
    server = listen({"/a": page(b"", status="304 Not Modified")})
    url = server.url("/a")
    article = Article.objects.create(
        canonical_url=url, url=url, host="page.example", text="好的正文", title="标题", story=Story.objects.create(),
        state=PageState.DELETED,
    )  # fmt: skip
    old = timezone.now() - 9 * HOUR
    copy = snapshot(article, b"<p>", state=PageState.OK, headers={"etag": '"7"', "last-modified": "yesterday"})
    Snapshot.objects.update(fetched_at=old)
    guard, ask = guard_for(server), steps.ask_in_turn
    monkeypatch.setattr(steps, "ask_in_turn", lambda *given, **options: ask(*given, guard=guard, **options))
    pipeline.advance(Stage.FOUND)
    article = Article.objects.get()
    assert (article.stage, article.state, article.text) == (Stage.SUMMARISED, PageState.OK, "好的正文")
    assert b'\r\nIf-None-Match: "7"\r\nIf-Modified-Since: yesterday\r\n' in server.requests[0]
    copy.refresh_from_db()
    assert copy.fetched_at > old + 8 * HOUR


def test_a_copy_that_was_no_article_gives_no_validators(listen: Callable[..., Listener], monkeypatch) -> None:
    """CRAWL-037: then a 304 is no answer, and is tried again."""
    server = listen({"/a": page(b"", status="304 Not Modified")})
    article = visited(server, monkeypatch)
    assert b"If-" not in server.requests[0]
    assert (article.stage, article.attempts) == (Stage.FOUND, 1)
    assert article.error.startswith("protocol")


def test_a_redirect_to_a_host_that_rests_is_followed_when_it_may(listen: Callable[..., Listener], monkeypatch) -> None:
    server = listen()
    there = server.url("/b", "www.page.example")
    server.answers = {"/a": redirect(there), "/b": page()}
    Host.objects.create(name="www.page.example", next_at=timezone.now() + HOUR)
    article = visited(server, monkeypatch)
    assert (article.url, article.host, article.stage, article.attempts) == (
        there, "www.page.example", Stage.FOUND, 1,
    )  # fmt: skip
    assert near(article.due_at, HOUR, exactly=True)
    Host.objects.update(next_at=timezone.now())
    Article.objects.update(due_at=timezone.now())
    pipeline.advance(Stage.FOUND)
    assert Article.objects.get().stage == Stage.FETCHED
    assert [request.split()[1] for request in server.requests] == [b"/a", b"/b"]


def test_a_retry_after_holds_for_every_article_of_the_host(listen: Callable[..., Listener], monkeypatch) -> None:
    server = listen({"/a": page(b"", "Retry-After: 120", status="503 Busy"), "/b": page()})
    other = server.url("/b")
    article = visited(server, monkeypatch)
    Article.objects.create(canonical_url=other, url=other, host="page.example")
    assert pipeline.advance(Stage.FOUND) == 0
    assert article.due_at - timezone.now() > timedelta(seconds=115)
    assert server.connections == 1


def test_five_tries_and_a_rest(listen: Callable[..., Listener], monkeypatch) -> None:
    server = listen({"/a": page(b"", status="500 Broken")})
    article = visited(server, monkeypatch)
    for _ in range(6):
        Article.objects.update(due_at=timezone.now())
        pipeline.advance(Stage.FOUND)
    article.refresh_from_db()
    assert server.connections == 5
    assert (article.stage, article.drop_reason) == (Stage.DROPPED, DropReason.UNREACHABLE)
    assert near(article.retry_at, 6 * HOUR)


def test_robots_are_heard_for_what_a_machine_found_and_not_for_a_person(
    listen: Callable[..., Listener], monkeypatch, admin_client
) -> None:
    server = listen({"/robots.txt": page(b"User-agent: *\nDisallow: /", kind="text/plain"), "/a": page()})
    url = server.url("/a")
    feed = Source.objects.create(name="源", kind="feed")
    article = Article.objects.create(canonical_url=url, url=url, host="page.example", due_at=timezone.now() + HOUR)
    Lead.objects.create(source=feed, article=article, url=url)
    guard, ask = guard_for(server), steps.ask_in_turn
    monkeypatch.setattr(steps, "ask_in_turn", lambda *given, **options: ask(*given, guard=guard, **options))
    Article.objects.update(due_at=timezone.now())
    pipeline.advance(Stage.FOUND)
    article.refresh_from_db()
    assert (article.drop_reason, article.retry_at) == (DropReason.ROBOTS, None)
    listing = reverse("admin:news_article_changelist")
    admin_client.post(listing, {"action": "retry", "_selected_action": [article.pk]})
    pipeline.advance(Stage.FOUND)
    article.refresh_from_db()
    assert article.stage == Stage.FETCHED
    assert [request.split()[1] for request in server.requests] == [b"/robots.txt", b"/a"]


def test_a_person_who_pastes_what_robots_refused_gets_it_fetched() -> None:
    feed = Source.objects.create(name="源", kind="feed")
    article = Article.objects.create(
        canonical_url=URL, url=URL, host=SITE, stage=Stage.DROPPED, drop_reason=DropReason.ROBOTS
    )
    assert [inbox.add(URL, feed).fate, inbox.paste(URL)[0].fate] == [inbox.Fate.KNOWN, inbox.Fate.ADDED]
    article.refresh_from_db()
    assert (article.stage, article.asked_by_person) == (Stage.FOUND, True)


def test_the_desk_says_when_and_what_next(admin_client) -> None:
    article = read(arrived(golden("blocked")))
    again = timezone.localtime(article.retry_at)
    shown = admin_client.get(reverse("admin:news_article_change", args=[article.pk])).content.decode()
    clock = f"{again:%H:%M}" if again.date() == timezone.localdate() else f"{again.month}-{again.day} {again:%H:%M}"
    assert f"将于 {clock} 自动重试（第 1 次，共 3 次）。 网站要求人工验证" in shown
    assert f'href="{reverse("admin:news_handin")}?article={article.pk}"' in shown
    Host.objects.update(walls=3, next_at=timezone.now() + 3 * HOUR)
    assert (
        "网站连续要求验证" in admin_client.get(reverse("admin:news_article_change", args=[article.pk])).content.decode()
    )
    listing = admin_client.get(reverse("admin:news_article_changelist")).content.decode()
    assert f'<td class="field-again">{clock}</td>' in listing
    assert '<td class="field-standing">网站要求验证</td>' in listing


def test_a_name_that_does_not_exist_is_called_so(admin_client) -> None:
    def nowhere(host: str) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchError) as caught:
        fetch("http://no-such-page.example/", guard=Guard(resolver=nowhere))
    assert caught.value.reason == Reason.DNS
    article = Article.objects.create(
        canonical_url=URL, url=URL, host=SITE, stage=Stage.DROPPED, drop_reason=DropReason.UNREACHABLE,
        error=str(caught.value),
    )  # fmt: skip
    shown = admin_client.get(reverse("admin:news_article_change", args=[article.pk])).content.decode()
    assert "域名不存在，或暂时查不到。" in shown


def wechat(body: str, account: str = "小报") -> bytes:
    return f"""<!DOCTYPE html><html><head><meta property="og:title" content="晨报"></head><body>
<script>var nickname = "{account}"; var ct = "1678240800"; var msg_title = '晨报';</script>
<h1 id="activity-name">晨报</h1><a id="js_name">{account}</a>
<div id="js_content">{body}</div></body></html>""".encode()


def near(moment: Any, wait: timedelta | None, exactly: bool = False) -> bool:
    """Whether `moment` is `wait` from now, or up to a quarter longer."""
    if moment is None or wait is None:
        return moment is wait
    left = moment - timezone.now()
    return wait - timedelta(seconds=20) <= left <= wait * (1 if exactly else 1.25) + timedelta(seconds=1)


def back_in_time(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(retry_at=timezone.now() - timedelta(seconds=1))
    article.refresh_from_db()
