"""Pictures are asked for one by one, politely; what cannot be had is told and given up; nothing is left behind."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from news.models import Article, Host, Picture, PictureState, Stage
from news.pictures import fetch, fetch_next, want
from news.pictures.fetch import ENDED_WORKER, due
from news.pictures.raster import kind_of
from news.tasks import fetch_pictures
from tests.news.articles import make_article
from tests.news.http.hostile import Listener, page, redirect
from tests.news.pictures import samples
from tests.news.pictures.samples import SVG, encoded

pytestmark = pytest.mark.django_db
A, B = "http://img.example.com/a.png", "http://img.example.com/b.png"
ArticleWith = Callable[..., Article]


def files(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def asked(web: Listener) -> list[str]:
    return [request.split(b" ", 2)[1].decode() for request in web.requests]


def test_a_picture_arrives(web: Listener, picture: Picture, media: Path) -> None:
    web.answers[A] = page(encoded("JPEG"), kind="image/jpeg")
    assert (fetch_next(), fetch_next()) == (True, False)
    picture.refresh_from_db()
    assert (picture.state, picture.content_type, picture.width, picture.height) == ("ok", "image/jpeg", 40, 30)
    (file,) = files(media)
    assert (kind_of(file.read_bytes()), file.stat().st_size) == ("JPEG", picture.size)
    assert file.suffix == ".jpg"
    assert "a.png" not in str(file)
    assert picture.key not in str(file)


def test_nothing_but_the_request_is_told_to_the_site(web: Listener, picture: Picture) -> None:
    fetch_next()
    (request,) = web.requests
    names = {line.split(b":")[0].lower() for line in request.split(b"\r\n")[1:] if line}
    assert names & {b"cookie", b"referer", b"authorization"} == set()


def test_two_of_one_host_keep_the_pace(web: Listener, article_with: ArticleWith, settings: Any) -> None:
    settings.CRAWL_PACE = 600.0
    article_with(A, B)
    assert (fetch_next(), fetch_next()) == (True, False)
    assert len(web.requests) == 1
    host = Host.objects.get(name="img.example.com")
    assert host.next_at - timezone.now() > timedelta(seconds=590)


def test_articles_of_the_same_host_come_first(web: Listener, picture: Picture) -> None:
    make_article("", "", stage=Stage.FOUND)
    Article.objects.filter(stage=Stage.FOUND).update(host="img.example.com")
    assert not fetch_next()
    assert web.requests == []


def test_the_wanted_come_first_and_copies_wait_until_they_are_wanted(web: Listener, article_with: ArticleWith) -> None:
    first = article_with(A)
    article_with(B)
    copy = article_with("http://img.example.com/copy.png", duplicate_of=first)
    article_with("http://img.example.com/dropped.png", stage=Stage.DROPPED, drop_reason="by_editor")
    want(Picture.objects.filter(url=B))
    assert [one.url for one in due()] == [B, A]
    want(copy.pictures.all())
    assert [one.url for one in due()] == [B, "http://img.example.com/copy.png", A]


def test_pictures_of_the_demo_are_asked_for_by_the_demo_alone(web: Listener, article_with: ArticleWith) -> None:
    want(article_with(A, is_sample=True).pictures.all())
    assert not fetch_next()
    assert fetch_next(samples=True)
    assert asked(web) == [A]


REFUSED = {
    "HTML that is called a png": (page(b"<!doctype html><p>no", kind="image/png"), "content_type"),
    "HTML": (page(b"<!doctype html><p>no"), "content_type"),
    "SVG": (page(SVG, kind="image/svg+xml"), "content_type"),
    "SVG that is called a png": (page(SVG, kind="image/png"), "content_type"),
    "a bomb": (page(samples.png_bomb(), kind="image/png"), "too_many_pixels"),
    "a WebP bomb": (page(samples.webp_bomb(), kind="image/webp"), "too_many_pixels"),
    "more than 5 MiB": (page(b"\x89PNG\r\n\x1a\n" + b"x" * (5 * 2**20), kind="image/png"), "too_large"),
    "half of one": (page(encoded()[:60], kind="image/png"), "undecodable"),
    "gone": (page(b"", status="404 Not Found"), "not_found"),
    "forbidden to hot-link": (page(b"", status="403 Forbidden"), "http_4xx"),
    "sent inside": (redirect("http://169.254.169.254/latest/meta-data"), "ssrf_policy"),
    "sent to loopback": (redirect("http://127.0.0.1/x.png"), "ssrf_policy"),
    "sent to another site": (redirect("http://evil.example/x.png"), "redirect_off_allowlist"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_at_once(web: Listener, picture: Picture, media: Path, name: str) -> None:
    web.answers[A], reason = REFUSED[name]
    assert (fetch_next(), fetch_next()) == (True, False)
    picture.refresh_from_db()
    assert (picture.state, picture.reason.split(":")[0], picture.attempts) == (PictureState.FAILED, reason, 1)
    assert files(media) == []
    assert asked(web) == [A]


@pytest.mark.parametrize("name", samples.polyglots())
def test_of_a_polyglot_only_pixels_are_stored(web: Listener, picture: Picture, media: Path, name: str) -> None:
    web.answers[A] = page(samples.polyglots()[name], kind="image/png")
    fetch_next()
    (file,) = files(media)
    assert b"alert" not in file.read_bytes()
    assert b"php" not in file.read_bytes()


def test_a_drip_ends_at_the_deadline(web: Listener, picture: Picture, settings: Any, media: Path) -> None:
    settings.CRAWL_TIMEOUT = 0.3
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n"
    web.answers[A] = lambda connection, request: (connection.sendall(head), web.drip(connection, b"\x89"))
    fetch_next()
    picture.refresh_from_db()
    assert (picture.state, picture.reason.split(":")[0], picture.attempts) == (PictureState.WAITING, "deadline", 1)
    assert files(media) == []


def test_after_three_tries_with_growing_pauses_it_is_given_up(web: Listener, picture: Picture) -> None:
    web.answers[A] = page(b"", status="500 Broken")
    pauses = []
    for _ in range(3):
        assert fetch_next()
        picture.refresh_from_db()
        pauses.append(round((picture.next_at - timezone.now()).total_seconds() / 60))
        assert not fetch_next()
        Picture.objects.update(next_at=timezone.now())
    assert pauses[:2] == [1, 10]
    assert (picture.state, picture.attempts) == (PictureState.FAILED, 3)
    assert not fetch_next()
    assert len(web.requests) == 3


def test_a_retry_after_is_obeyed(web: Listener, picture: Picture) -> None:
    web.answers[A] = page(b"", "Retry-After: 7200", status="503 Busy")
    fetch_next()
    picture.refresh_from_db()
    assert picture.next_at - timezone.now() > timedelta(minutes=119)
    assert Host.objects.get().next_at - timezone.now() > timedelta(minutes=119)


def test_a_host_that_is_anothers_turn_costs_no_try(
    web: Listener, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host is taken between the choice and the visit."""
    chosen = fetch._claim

    def claim_and_be_late(samples: bool) -> Picture | None:
        found = chosen(samples)
        Host.objects.take_turn("img.example.com", 60)
        return found

    monkeypatch.setattr(fetch, "_claim", claim_and_be_late)
    assert fetch_next()
    picture.refresh_from_db()
    assert (picture.state, picture.attempts) == (PictureState.WAITING, 0)
    assert picture.next_at > timezone.now()
    assert web.requests == []


def test_a_picture_that_kills_its_worker_is_parked(web: Listener, picture: Picture) -> None:
    Picture.objects.update(attempts=3)
    assert not fetch_next()
    picture.refresh_from_db()
    assert (picture.state, picture.reason) == (PictureState.FAILED, ENDED_WORKER)
    assert web.requests == []


def test_who_lost_the_lease_leaves_no_file(picture: Picture, media: Path) -> None:
    kept = fetch.keep(fetch.rewrite(encoded()))
    assert len(files(media)) == 1
    Picture.objects.update(leased_until=timezone.now() + timedelta(hours=1))
    fetch._settle(picture, kept)
    picture.refresh_from_db()
    assert (picture.state, picture.file.name) == (PictureState.WAITING, "")
    assert files(media) == []


def test_the_task_works_until_nothing_waits(web: Listener, article_with: ArticleWith) -> None:
    article_with(A, B)
    web.answers[A] = web.answers[B] = page(encoded(), kind="image/png")
    fetch_pictures()
    assert set(Picture.objects.values_list("state", flat=True)) == {PictureState.OK}
    fetch_pictures()
    assert sorted(asked(web)) == [A, B]
