"""Short links: where one leads is asked once, its leads go there, and nothing else is asked in its name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from news import manners, pipeline
from news.http import fetch
from news.models import Article, DropReason, Lead, PageState, Stage
from news.sources.inbox import MAX_HOPS, Fate, paste
from tests.news.http.hostile import Answer, Listener, guard_for, page, redirect

pytestmark = pytest.mark.django_db
TARGET = "https://mp.weixin.qq.com/s/AbC"


@pytest.fixture
def shortener(
    listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Callable[..., Listener]:
    """Every name and port leads to one listener that answers as told; what asks, asks through the real door."""
    settings.CRAWL_PACE = 0.0

    def answer(answers: dict[str, Answer]) -> Listener:
        server = listen(answers)
        guard = guard_for(server)

        def to_the_listener(url: str, **options: Any) -> Any:
            return fetch(url.replace("http://t.cn/", server.url("/", "t.cn")), guard=guard, **options)

        monkeypatch.setattr(manners, "fetch", to_the_listener)
        return server

    return answer


def follow() -> Article:
    """One step of the only short link that waits."""
    pipeline.advance(Stage.FOUND)
    return Article.objects.get(canonical_url="http://t.cn/1")


def test_the_leads_go_to_the_article_behind(shortener: Callable[..., Listener]) -> None:
    server = shortener({"/1": redirect(TARGET + "?scene=1#rd")})
    paste("看 http://t.cn/1 吧", note="周五用")
    short = follow()
    assert (short.stage, short.drop_reason) == (Stage.DROPPED, DropReason.MOVED)
    assert (short.state, short.state_reason) == (PageState.MOVED, TARGET)
    target = Article.objects.get(canonical_url=TARGET)
    assert (target.stage, target.host, target.due_at <= timezone.now()) == (Stage.FOUND, "mp.weixin.qq.com", True)
    assert list(Lead.objects.values_list("article", "url", "note")) == [(target.pk, "http://t.cn/1", "周五用")]
    assert server.connections == 1  # the page itself has a turn of its own
    [again] = paste("http://t.cn/1")
    assert (again.fate, again.article) == (Fate.KNOWN, target)
    assert Article.objects.count() == 2


def test_a_known_article_gets_the_lead(shortener: Callable[..., Listener]) -> None:
    shortener({"/1": redirect(TARGET)})
    [known] = paste(TARGET)
    assert known.article
    Article.objects.filter(pk=known.article.pk).update(stage=Stage.SUMMARISED)
    paste("http://t.cn/1")
    follow()
    assert sorted(Lead.objects.filter(article=known.article).values_list("url", flat=True)) == ["http://t.cn/1", TARGET]
    assert Article.objects.get(pk=known.article.pk).stage == Stage.SUMMARISED


REFUSED = [
    ("https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=1&signature=2", DropReason.TEMPORARY_EXPIRED),
    ("https://weixin.sogou.com/link?url=a", DropReason.TEMPORARY_EXPIRED),
    ("http://127.0.0.1/admin/", DropReason.REFUSED),
    ("http://169.254.169.254/latest/meta-data/", DropReason.REFUSED),
    ("http://nas.local/", DropReason.REFUSED),
    ("http://localhost/", DropReason.REFUSED),
    ("ftp://a.example/1", DropReason.REFUSED),
    ("http://user@a.example/1", DropReason.REFUSED),
]


@pytest.mark.parametrize(("target", "reason"), REFUSED)
def test_what_nobody_may_paste_a_short_link_may_not_name(
    shortener: Callable[..., Listener], target: str, reason: str
) -> None:
    server = shortener({"/1": redirect(target)})
    paste("http://t.cn/1")
    short = follow()
    assert (short.stage, short.drop_reason) == (Stage.DROPPED, reason)
    assert (Article.objects.count(), server.connections) == (1, 1)


def test_a_chain_of_short_links_has_an_end(shortener: Callable[..., Listener]) -> None:
    names = [f"http://t.cn/{number}" for number in range(1, 12)]
    server = shortener({f"/{number}": redirect(f"http://t.cn/{number + 1}") for number in range(1, 12)})
    paste(names[0])
    for _step in range(12):
        pipeline.advance(Stage.FOUND)
    assert server.connections == MAX_HOPS + 1
    last = Article.objects.get(drop_reason=DropReason.REFUSED)
    assert last.canonical_url == names[MAX_HOPS]
    assert "短链接一个接一个" in last.error


def test_a_short_link_that_leads_to_itself_ends(shortener: Callable[..., Listener]) -> None:
    shortener({"/1": redirect("http://t.cn/2"), "/2": redirect("http://t.cn/1")})
    paste("http://t.cn/1")
    for _step in range(4):
        pipeline.advance(Stage.FOUND)
    assert set(Article.objects.values_list("stage", flat=True)) == {Stage.DROPPED}


INTERSTITIALS = [
    (b'<meta http-equiv="refresh" content="0; url=https://a.example/1">', "https://a.example/1"),
    (b'<script>window.location.replace("https:\\/\\/a.example\\/2")</script>', "https://a.example/2"),
    (b"<script>location.href = 'https://a.example/3?x=1&amp;y=2'</script>", "https://a.example/3?x=1&y=2"),
    (b"<p>Nothing here leads on.</p>", ""),
]


@pytest.mark.parametrize(("body", "target"), INTERSTITIALS)
def test_a_page_of_the_shortener_is_no_article(shortener: Callable[..., Listener], body: bytes, target: str) -> None:
    shortener({"/1": page(body)})
    paste("http://t.cn/1")
    short = follow()
    assert (short.drop_reason, short.state_reason) == (DropReason.MOVED if target else DropReason.UNREADABLE, target)


def test_a_shortener_that_is_down_is_asked_again_later(shortener: Callable[..., Listener]) -> None:
    shortener({"/1": page(b"", status="503 Busy")})
    paste("http://t.cn/1")
    short = follow()
    assert (short.stage, short.attempts) == (Stage.FOUND, 1)
    assert short.due_at > timezone.now()


def test_other_sites_may_still_not_send_us_on(shortener: Callable[..., Listener]) -> None:
    server = shortener({"/1": redirect("https://elsewhere.example/")})
    paste("http://page.example/1")
    Article.objects.update(url=server.url("/1", "page.example"))
    pipeline.advance(Stage.FOUND)
    assert Article.objects.get().drop_reason == DropReason.REFUSED
