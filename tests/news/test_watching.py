"""Published links, asked again: gone only when it was said twice, changed only when it reads otherwise."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from digest.celery import app
from news import pipeline, snapshots, watching
from news.models import Article, Host, Lead, LinkState, Origin, PageState, Snapshot, Stage, Story, Watch
from news.tasks import check_links
from news.watching import cadence, check_next, next_check
from tests.news.http.hostile import Listener, page

PAGES = Path(__file__).resolve().parent.parent / "pages" / "mp.weixin.qq.com"
URL = "http://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"
ARTICLE = (PAGES / "article_2025.html").read_bytes()
CHANGED = ARTICLE.replace("功耗只有四瓦".encode(), "功耗其实是九瓦".encode())
BYTES_ONLY = ARTICLE.replace(b"</body>", b"<!-- another visit --></body>")
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings: Any) -> Iterator[Listener]:
    """A site that says of URL whatever the test puts there; it stands behind the proxy."""
    listener = Listener({})
    settings.CRAWL_PROXY, settings.CRAWL_PACE = f"http://127.0.0.1:{listener.port}", 0.0
    yield listener
    listener.close()


def _says(site: Listener, what: str | bytes, *lines: str, status: str = "200 OK") -> None:
    body = (PAGES / f"{what}.html").read_bytes() if isinstance(what, str) else what
    site.answers[URL] = page(body, *lines, status=status)


def _asked(site: Listener) -> list[bytes]:
    return [request for request in site.requests if request.startswith(f"GET {URL} ".encode())]


@pytest.fixture
def article(site: Listener) -> Article:
    """An article that went through the crawl's first two steps, and was then filed."""
    _says(site, ARTICLE, 'ETag: "one"')
    article = Article.objects.create(canonical_url=URL, url=URL, host="mp.weixin.qq.com")
    pipeline.advance(Stage.FOUND)
    pipeline.advance(Stage.FETCHED)
    Article.objects.filter(pk=article.pk).update(stage=Stage.SUMMARISED)
    article.refresh_from_db()
    assert article.title
    return article


@pytest.fixture
def watch(article: Article) -> Watch:
    return Watch.objects.create(url=URL, host="mp.weixin.qq.com", article=article)


def _check(watch: Watch, after: timedelta = timedelta()) -> tuple[str, bool]:
    """Make it due, check it; with `after`, as if its state had begun so long ago."""
    Watch.objects.filter(pk=watch.pk).update(next_at=timezone.now() - timedelta(seconds=1))
    if after:
        watch.refresh_from_db()
        assert watch.since is not None
        Watch.objects.filter(pk=watch.pk).update(since=watch.since - after)
    assert check_next()
    watch.refresh_from_db()
    assert watch.leased_until <= timezone.now()
    return watch.state, watch.is_confirmed


HOUR = timedelta(hours=1)


def test_gone_is_confirmed_an_hour_later_and_cleared_when_the_page_is_back(
    site: Listener, watch: Watch, article: Article
) -> None:
    assert _check(watch) == ("ok", False)
    _says(site, "deleted")
    assert _check(watch) == ("deleted", False)
    assert watch.since is not None
    assert watch.next_at == watch.since + HOUR
    assert _check(watch) == ("deleted", False)  # asked sooner, it is not believed sooner
    article.refresh_from_db()
    assert article.state == PageState.OK
    assert _check(watch, after=HOUR) == ("deleted", True)
    assert watch.is_gone
    kept = (article.title, article.html, article.text)
    article.refresh_from_db()
    assert (article.state, article.state_reason) == (PageState.DELETED, "该内容已被发布者删除")
    assert (article.title, article.html, article.text, article.stage) == (*kept, Stage.SUMMARISED)
    _says(site, ARTICLE)
    assert _check(watch) == ("ok", False)
    article.refresh_from_db()
    assert (article.state, watch.reason) == (PageState.OK, "")


@pytest.mark.parametrize(
    ("says", "status", "state"),
    [
        ("violation", "200 OK", LinkState.VIOLATION),
        ("temporary_expired", "200 OK", LinkState.EXPIRED),
        ("bad_request", "200 OK", LinkState.NOT_FOUND),
        ("paid", "200 OK", LinkState.OK),
        ("moved", "200 OK", LinkState.MOVED),
        ("blocked", "200 OK", LinkState.BLOCKED),
        ("unavailable", "200 OK", LinkState.UNREACHABLE),
        ("deleted", "404 Not Found", LinkState.NOT_FOUND),
        ("deleted", "410 Gone", LinkState.NOT_FOUND),
        ("deleted", "403 Forbidden", LinkState.UNREACHABLE),
        ("deleted", "500 Broken", LinkState.UNREACHABLE),
        ("deleted", "503 Busy", LinkState.UNREACHABLE),
    ],
)
def test_what_a_page_says_is_a_state_of_the_link(
    site: Listener, watch: Watch, says: str, status: str, state: LinkState
) -> None:
    _says(site, says, status=status)
    assert _check(watch) == (state, False)


@pytest.mark.parametrize(("says", "status"), [("blocked", "200 OK"), ("blocked", "500 Broken")])
def test_what_is_not_sure_neither_marks_nor_clears(site: Listener, watch: Watch, says: str, status: str) -> None:
    for expected in ("blocked" if status == "200 OK" else "unreachable",) * 3:
        _says(site, says, status=status)
        assert _check(watch) == (expected, False)
        Host.objects.update(next_at=timezone.now())
    assert watch.failures == 3
    _says(site, "deleted")
    _check(watch)
    assert _check(watch, after=HOUR) == ("deleted", True)
    since = watch.since
    _says(site, says, status=status)
    assert _check(watch) == ("deleted", True)
    assert (watch.since, watch.failures) == (since, 1)


def test_a_wall_in_between_does_not_confirm_a_deletion(site: Listener, watch: Watch) -> None:
    _says(site, "deleted")
    _check(watch)
    _says(site, "blocked")
    assert _check(watch, after=HOUR) == ("deleted", False)


def test_the_same_text_in_other_bytes_is_no_change_and_no_further_copy(
    site: Listener, watch: Watch, article: Article
) -> None:
    before = article.snapshots.get().fetched_at
    _says(site, BYTES_ONLY)
    assert _check(watch) == ("ok", False)
    assert article.snapshots.count() == 1
    article.retry()
    pipeline.advance(Stage.FOUND)
    assert article.snapshots.count() == 2
    pipeline.advance(Stage.FETCHED)
    only = article.snapshots.get()
    assert only.fetched_at > before
    assert only.body == ARTICLE
    article.refresh_from_db()
    assert article.stage == Stage.READ


def test_a_page_that_reads_otherwise_is_kept_beside_what_was_printed(
    site: Listener, watch: Watch, article: Article
) -> None:
    _says(site, CHANGED, 'ETag: "two"')
    assert _check(watch) == ("changed", False)
    assert [snapshot.body for snapshot in article.snapshots.order_by("id")] == [ARTICLE, CHANGED]
    text = article.text
    article.refresh_from_db()
    assert article.text == text
    since = watch.since
    _says(site, "blocked")
    assert _check(watch) == ("changed", False)
    _says(site, CHANGED)
    assert _check(watch) == ("changed", False)
    assert (article.snapshots.count(), watch.since) == (2, since)
    _says(site, BYTES_ONLY)
    assert _check(watch) == ("ok", False)
    assert article.snapshots.count() == 2


def test_a_change_that_an_editor_has_seen_is_told_again_only_when_there_is_another(
    site: Listener, watch: Watch
) -> None:
    _says(site, CHANGED)
    _check(watch)
    Watch.objects.update(state=LinkState.OK)
    assert _check(watch) == ("ok", False)
    _says(site, CHANGED.replace("九瓦".encode(), "八瓦".encode()))
    assert _check(watch) == ("changed", False)


def test_an_article_that_was_fetched_anew_is_compared_with_its_new_text(
    site: Listener, watch: Watch, article: Article
) -> None:
    _says(site, CHANGED)
    _check(watch)
    article.retry()
    pipeline.advance(Stage.FOUND)
    pipeline.advance(Stage.FETCHED)
    Article.objects.update(stage=Stage.SUMMARISED)
    assert _check(watch) == ("ok", False)


def test_a_change_is_taken_over_by_a_fetch_that_is_answered_304(site: Listener, watch: Watch, article: Article) -> None:
    _says(site, CHANGED, 'ETag: "two"')
    assert _check(watch) == ("changed", False)
    site.answers[URL] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    Article.objects.update(story=Story.objects.create())
    article.retry()
    pipeline.advance(Stage.FOUND)
    pipeline.advance(Stage.FETCHED)
    article.refresh_from_db()
    assert (article.stage, "其实是九瓦" in article.text) == (Stage.READ, True)


def test_what_came_in_a_feed_is_not_compared_with_its_page(site: Listener, watch: Watch, article: Article) -> None:
    """The first copy of the page itself is what later ones are compared with."""
    Article.objects.update(title="标题", text="订阅源里的全文，共12345个字。")
    told = snapshots.text_hash("标题\n订阅源里的全文，共12345个字。")
    Snapshot.objects.update(origin=Origin.FEED, text_hash=told, sha256="feed")
    assert _check(watch) == ("ok", False)
    assert article.snapshots.filter(origin=Origin.CRAWL).count() == 1
    _says(site, CHANGED)
    assert _check(watch) == ("changed", False)


def test_a_copy_is_read_anew_so_that_a_better_extractor_is_no_change(
    site: Listener, watch: Watch, article: Article
) -> None:
    older = f"{article.text}\n从前的程序在这里多读出一大段与正文无关的话，共有123个字。"
    Article.objects.update(text=older)
    Snapshot.objects.update(text_hash=snapshots.text_hash(f"{article.title}\n{older}"))
    assert _check(watch) == ("ok", False)
    assert watch.text_hash


def test_a_page_that_is_as_it_was_answers_304(site: Listener, watch: Watch) -> None:
    def answer(connection: Any, request: bytes) -> None:
        good = b'If-None-Match: "one"' in request
        connection.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n" if good else page(b"", status="500 Broken"))

    site.answers[URL] = answer
    assert _check(watch) == ("ok", False)
    assert Snapshot.objects.count() == 1


def test_of_a_moved_account_the_new_place_is_kept_and_becomes_an_article(site: Listener, watch: Watch) -> None:
    _says(site, "moved")
    assert _check(watch) == ("moved", False)
    assert watch.moved_to == "https://mp.weixin.qq.com/s?__biz=MzNew==&mid=9&idx=1&sn=77"
    assert Article.objects.filter(canonical_url=watch.moved_to).count() == 1
    assert Lead.objects.get().url == watch.moved_to


def test_a_link_without_an_article_is_checked_too(site: Listener) -> None:
    watch = Watch.objects.create(url=URL, host="mp.weixin.qq.com")
    _says(site, ARTICLE)
    assert _check(watch) == ("ok", False)
    _says(site, CHANGED)
    assert _check(watch) == ("ok", False)
    assert not Snapshot.objects.exists()
    _says(site, "deleted")
    _check(watch)
    assert _check(watch, after=HOUR) == ("deleted", True)


def test_a_host_that_rests_counts_as_nothing(site: Listener, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    Watch.objects.update(next_at=timezone.now() - HOUR)
    claimed = watching.claim()
    assert claimed is not None
    asked = len(_asked(site))
    Host.objects.update(next_at=timezone.now() + timedelta(minutes=10))
    assert not check_next()
    watching.check(claimed)
    watch.refresh_from_db()
    assert (watch.state, watch.checked_at, watch.failures) == ("unknown", None, 0)
    assert timedelta(minutes=9) < watch.next_at - timezone.now() <= timedelta(minutes=10)
    assert len(_asked(site)) == asked


def test_a_worker_that_lost_its_lease_writes_nothing(site: Listener, watch: Watch) -> None:
    Watch.objects.update(next_at=timezone.now() - HOUR)
    claimed = watching.claim()
    assert claimed is not None
    assert watching.claim() is None
    Watch.objects.update(leased_until=timezone.now() + HOUR)
    _says(site, "deleted")
    watching.check(claimed)
    watch.refresh_from_db()
    assert (watch.state, watch.checked_at) == ("unknown", None)


def test_a_page_that_breaks_the_check_waits_for_the_next_night(
    site: Listener, watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_copy: object) -> object:
        raise RuntimeError("broken")

    Watch.objects.update(next_at=timezone.now() - HOUR)
    monkeypatch.setattr(snapshots, "newest", fails)
    assert check_next()
    watch.refresh_from_db()
    assert (watch.state, watch.reason, watch.failures) == ("unreachable", "RuntimeError('broken')", 1)
    assert watch.next_at > timezone.now()
    assert "RuntimeError" in caplog.text


# --- when -----------------------------------------------------------------------------------------------------------
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_each_link_has_its_own_second_of_the_night() -> None:
    noon = _at("2026-11-20 12:00").astimezone(UTC)
    times = [next_check(f"https://a.example/{number}", noon) for number in range(1000)]
    assert min(times) >= _at("2026-11-21 02:00")
    assert max(times) < _at("2026-11-21 05:00")
    by_ten_minutes = Counter(int((at - _at("2026-11-21 02:00")).total_seconds() // 600) for at in times)
    assert sorted(by_ten_minutes) == list(range(18))
    assert max(by_ten_minutes.values()) <= 85  # 5 s apart, 120 fit
    assert times == [next_check(f"https://a.example/{number}", noon) for number in range(1000)]


def test_the_next_check_is_the_next_night_or_so_many_days_away() -> None:
    url = "https://a.example/1"
    at = next_check(url, _at("2026-11-20 00:30"))
    assert at.date().isoformat() == "2026-11-20"
    assert next_check(url, at) == at + timedelta(days=1)
    assert next_check(url, at, 7) == at + timedelta(days=7)
    assert next_check(url, _at("2026-11-20 23:59"), 1) == at + timedelta(days=1)


@pytest.mark.parametrize(("age", "days"), [(0, 1), (89, 1), (90, 7), (364, 7), (365, 30), (2000, 30)])
def test_older_links_are_asked_for_less_often(age: int, days: int) -> None:
    now = _at("2026-11-20 03:00")
    assert cadence(now - timedelta(days=age), now) == days


def test_failures_ask_again_the_next_night_until_there_are_many(watch: Watch, site: Listener) -> None:
    Watch.objects.update(published_at=timezone.now() - timedelta(days=400))
    _says(site, "blocked", status="500 Broken")
    days = []
    for _ in range(watching.PATIENCE):
        _check(watch)
        days.append((timezone.localdate(watch.next_at) - timezone.localdate()).days)
    assert days == [1] * (watching.PATIENCE - 1) + [30]


# --- the doorbell ---------------------------------------------------------------------------------------------------
def _rings() -> int:
    with app.connection_for_write() as broker:
        return broker.default_channel.queue_declare("crawl", passive=False).message_count


def test_a_ring_checks_what_is_due_and_comes_back_for_what_must_wait(
    site: Listener, watch: Watch, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CRAWL_PACE = 30.0  # of two links of one host, one has to wait
    Watch.objects.create(url=f"{URL}?b=1", host=watch.host)
    before = _rings()
    with django_capture_on_commit_callbacks(execute=True):
        check_links()
    assert Watch.objects.exclude(checked_at=None).count() == 1
    assert _rings() == before + 1
    with django_capture_on_commit_callbacks(execute=True):
        check_links()  # the host rests: nothing was done, and the timetable will ring
    assert Watch.objects.exclude(checked_at=None).count() == 1
    assert _rings() == before + 1


def test_a_ring_for_nothing_does_nothing(site: Listener, watch: Watch) -> None:
    Watch.objects.update(is_active=False)
    before = _rings()
    check_links()
    assert (_rings(), Watch.objects.get().checked_at) == (before, None)
