"""Watching sources over loopback: what is new, what is not, what goes wrong, and when the next look is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from news import pipeline
from news.models import Article, DropReason, Host, Lead, Origin, Snapshot, Source, Stage
from news.sources import poll
from tests.news.http.hostile import Listener, page
from tests.news.sources.conftest import URL

pytestmark = pytest.mark.django_db
Give = Callable[..., None]
XML = "application/rss+xml"
WALL = page("<html><title>环境异常</title><body>当前环境异常，完成验证后即可继续访问。</body></html>".encode())


def rss(*numbers: int, text: str = "") -> bytes:
    items = "".join(
        f"<item><title>第{n}篇</title><link>https://blog.example/{n}</link>"
        f"<pubDate>Mon, 01 Jan 2024 {n // 60:02}:{n % 60:02}:00 +0800</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
        for n in numbers
    )
    return f"<rss><channel><title>芯片笔记</title>{items}</channel></rss>".encode()


def make(**columns: object) -> Source:
    return Source.objects.create(**{"name": "笔记", "kind": "feed", "address": URL, **columns})


def look(source: Source) -> Source:
    Source.objects.filter(pk=source.pk).update(next_at=timezone.now())
    assert poll.poll_next() is True
    source.refresh_from_db()
    return source


def numbers() -> list[int]:
    return sorted(int(url.rpartition("/")[2]) for url in Article.objects.values_list("canonical_url", flat=True))


def test_the_newest_first_and_then_what_is_new(answer: Give) -> None:
    """Of an archive of 50 the first look takes 20; later ones take what came since, and never the archive."""
    source = make()
    answer(page(rss(*range(1, 51)), kind=XML))
    look(source)
    assert numbers() == list(range(31, 51))
    answer(page(rss(*range(1, 53)), kind=XML))
    look(source)
    assert numbers() == list(range(31, 53))
    lead = Lead.objects.get(url="https://blog.example/52")
    assert (lead.title, lead.published_at.isoformat()) == ("第52篇", "2023-12-31T16:52:00+00:00")
    assert poll.poll_next() is False


def test_entries_beyond_the_cap_are_told_in_the_log(answer: Give, caplog: pytest.LogCaptureFixture) -> None:
    source = make()
    items = b"".join(b"<item><link>https://blog.example/%d</link></item>" % n for n in range(2_003))
    answer(page(b"<rss><channel><title>a</title>" + items + b"</channel></rss>", kind=XML))
    look(source)
    assert f"source {source.pk}: 3 entries beyond the cap were not read" in caplog.messages


def test_a_look_keeps_the_validators_and_304_is_fine(site: Listener, answer: Give) -> None:
    source = make(failures=2, error="http_5xx: status 500")
    answer(page(rss(1), 'ETag: "a1"', "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT", kind=XML))
    look(source)
    assert (source.etag, source.modified, source.failures, source.error) == (
        '"a1"',
        "Mon, 01 Jan 2024 00:00:00 GMT",
        0,
        "",
    )
    found_at = source.found_at
    answer(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n")
    look(source)
    assert b'If-None-Match: "a1"' in site.requests[-1]
    assert (source.etag, source.found_at, source.failures) == ('"a1"', found_at, 0)
    assert source.worked_at > found_at


def test_the_next_look_is_a_tenth_around_the_cadence(answer: Give) -> None:
    source = make(cadence=timedelta(hours=10))
    answer(page(rss(1), kind=XML))
    waits = []
    for _ in range(12):
        look(source)
        waits.append((source.next_at - source.worked_at) / source.cadence)
    assert all(0.9 <= wait <= 1.1 for wait in waits)
    assert max(waits) - min(waits) > 0.01


def test_failures_back_off_from_a_quarter_of_an_hour_to_a_day(answer: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll._random, "random", lambda: 1.0)
    source = make()
    answer(page(b"", status="500 Broken"))
    waits = []
    for _ in range(9):
        answer(page(b"", status="500 Broken"))
        look(source)
        waits.append(round((source.next_at - source.tried_at).total_seconds() / 60))
    assert waits == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert (source.failures, source.error, source.worked_at) == (9, "http_5xx: status 500", None)


def test_the_back_off_has_full_jitter() -> None:
    waits = [poll.back_off(5) for _ in range(200)]
    assert min(waits) < timedelta(hours=1)
    assert max(waits) > timedelta(hours=3)
    assert all(timedelta(minutes=1) <= wait <= timedelta(hours=4) for wait in waits)


def test_a_retry_after_is_obeyed_and_a_closed_host_only_postpones(site: Listener, answer: Give) -> None:
    source = make()
    answer(page(b"", "Retry-After: 7200", status="503 Busy"))
    look(source)
    assert source.next_at - source.tried_at >= timedelta(seconds=7200)
    assert source.failures == 1
    asked = len(site.requests)
    look(source)
    assert (source.failures, len(site.requests)) == (1, asked)
    assert source.next_at - timezone.now() > timedelta(minutes=110)


def test_a_wall_is_a_failure_with_its_own_words_and_counts_against_the_host(answer: Give) -> None:
    source = make()
    answer(WALL)
    look(source)
    assert source.error.startswith("challenge: ")
    assert Host.objects.get(name="blog.example").walls == 1
    assert Article.objects.count() == 0


def test_what_is_no_feed_any_more_is_told(answer: Give) -> None:
    source = make()
    answer(page("<html><body>改版了，请看新的首页，订阅已经不再提供。</body></html>".encode()))
    assert look(source).error.startswith("no_feed")


def test_robots_are_heard_for_pages_and_not_for_feeds(answer: Give) -> None:
    answer(page(b"User-agent: *\nDisallow: /", kind="text/plain"), "http://blog.example/robots.txt")
    feed = make()
    answer(page(rss(1), kind=XML))
    assert look(feed).error == ""
    Source.objects.update(is_active=False)
    listed = make(name="列表", kind="page", address="http://blog.example/list", options={"selector": "a"})
    answer(page(b"<a href='/1'>x</a>"), listed.address)
    assert look(listed).error.startswith("robots")


def test_an_error_of_ours_is_noted_and_the_next_source_goes_on(answer: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    make(name="坏", address="http://blog.example/bad")
    good = make()
    answer(page(rss(1), kind=XML))
    answer(page(rss(2), kind=XML), "http://blog.example/bad")
    real = poll._take
    monkeypatch.setattr(poll, "_take", lambda source, *rest: 1 / 0 if source.name == "坏" else real(source, *rest))
    Source.objects.update(next_at=timezone.now())
    while poll.poll_next():
        pass
    assert Source.objects.get(name="坏").error.startswith("failed: Traceback")
    assert Source.objects.get(pk=good.pk).failures == 0


def test_paused_and_handed_in_sources_are_never_asked() -> None:
    make(is_active=False)
    make(name="交文件", kind="wechat_list", address="")
    make(name="不认识的", kind="gone_kind")
    Source.inbox()
    Source.tips()
    assert poll.poll_next() is False


def test_an_album_goes_on_while_all_of_it_is_new(site: Listener, answer: Give) -> None:
    address = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA%3D&album_id=1"
    source = make(kind="wechat_album", address=address, worked_at=timezone.now())

    def part(n: int, more: bool) -> dict[str, object]:
        row = f'{{"title":"{n}","url":"https://mp.weixin.qq.com/s/{str(n) * 22}","msgid":"{n}","itemidx":"1"}}'
        return page(
            f'{{"getalbum_resp":{{"article_list":[{row}],"continue_flag":"{int(more)}"}}}}'.encode(), kind="text/json"
        )

    # over plain http, since the proxy here speaks no TLS
    kind = poll.KINDS["wechat_album"]
    first = kind.request(address, {}).replace("https://", "http://")
    site.answers[first] = part(1, True)
    site.answers[f"{first}&begin_msgid=1&begin_itemidx=1"] = part(2, True)
    site.answers[f"{first}&begin_msgid=2&begin_itemidx=1"] = part(3, False)
    ask = poll.ask
    poll.ask = lambda url, **options: ask(url.replace("https://", "http://"), **options | {"by_person": True})
    try:
        look(source)
    finally:
        poll.ask = ask
    assert source.error == ""
    assert sorted(Lead.objects.values_list("title", flat=True)) == ["1", "2", "3"]


TEXT = "".join(f"<p>第{n}段：端侧模型量化以后要重新校准，结果才稳定，功耗也才降得下来。</p>" for n in range(10))


def test_a_whole_text_is_the_page_and_the_site_is_not_asked(site: Listener, answer: Give) -> None:
    answer(page(rss(1, text=TEXT + "<script>alert(1)</script><img src=x onerror=alert(1)>"), kind=XML))
    source = look(make())
    article = Article.objects.get()
    assert (article.stage, article.snapshots.get().origin) == (Stage.FETCHED, Origin.FEED)
    pipeline.advance(Stage.FETCHED)
    article.refresh_from_db()
    assert (article.stage, article.site, article.title, article.account) == (Stage.READ, "entry", "第1篇", "芯片笔记")
    assert article.text.startswith("第0段：端侧模型量化以后要重新校准")
    assert "script" not in article.html
    assert "onerror" not in article.html
    assert all(b"blog.example/1 " not in request for request in site.requests)
    # the same again changes nothing; another text is read anew
    answer(page(rss(1, text=TEXT), kind=XML))
    look(source)
    assert (Article.objects.get().stage, Snapshot.objects.count()) == (Stage.READ, 1)
    answer(page(rss(1, text=TEXT + "<p>补充：文末更正了两处数字，请以这一版为准。</p>"), kind=XML))
    look(source)
    assert (Article.objects.get().stage, Snapshot.objects.count()) == (Stage.FETCHED, 2)
    pipeline.advance(Stage.FETCHED)
    assert "更正了两处数字" in Article.objects.get().text


@pytest.mark.parametrize(
    ("reason", "stage"),
    [(DropReason.BLOCKED, Stage.FETCHED), (DropReason.DELETED, Stage.DROPPED), (DropReason.BY_EDITOR, Stage.DROPPED)],
)
def test_a_whole_text_rescues_what_the_site_kept_from_us(answer: Give, reason: str, stage: str) -> None:
    Article.objects.create(
        canonical_url="https://blog.example/1",
        url="https://blog.example/1",
        host="blog.example",
        stage="dropped",
        drop_reason=reason,
    )
    answer(page(rss(1, text=TEXT), kind=XML))
    look(make())
    assert Article.objects.get().stage == stage


def test_a_page_that_the_site_gave_is_never_replaced(answer: Give) -> None:
    article = Article.objects.create(
        canonical_url="https://blog.example/1",
        url="https://blog.example/1",
        host="blog.example",
        stage=Stage.SUMMARISED,
    )
    Snapshot.objects.create(article=article, url=article.url, status=200, packed=b"", size=0, sha256="x")
    answer(page(rss(1, text=TEXT), kind=XML))
    look(make())
    article.refresh_from_db()
    assert (article.stage, article.snapshots.count()) == (Stage.SUMMARISED, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_ask_once(site: Listener, answer: Give) -> None:
    make()
    answer(page(rss(1), kind=XML))

    def work(_number: int) -> bool:
        try:
            return poll.poll_next()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 1
    assert len([request for request in site.requests if b"feed.xml" in request]) == 1


def test_a_worker_whose_lease_ran_out_writes_nothing(answer: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make()
    answer(page(rss(1), kind=XML))
    real = poll._bring

    def slowly(held: Source) -> object:
        Source.objects.filter(pk=held.pk).update(lease="another's")
        return real(held)

    monkeypatch.setattr(poll, "_bring", slowly)
    look(source)
    assert (source.worked_at, source.lease) == (None, "another's")
