"""Only what our sanitiser let through exists as a picture; what nothing shows is forgotten."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from news import steps
from news.extract import sanitise
from news.models import Article, Picture, Snapshot, Stage
from news.pictures import forget_old, keep_upload, markdown_of, register, shown_html
from news.pictures.raster import rewrite
from news.pictures.register import A_PAGE
from tests.news.articles import make_article
from tests.news.pictures.samples import encoded

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "pages" / "mp.weixin.qq.com" / "article_2025.html"


def test_reading_a_page_registers_its_pictures() -> None:
    article = make_article("", "", stage=Stage.FETCHED)
    body = PAGE.read_bytes()
    Snapshot.objects.create(
        article=article, url=article.url, status=200, packed=zlib.compress(body), size=len(body), sha256="x"
    )
    html = steps.read(article)["html"]
    addresses = [one.url for one in article.pictures.order_by("pk")]
    assert addresses
    assert all(f'src="{address}"'.replace("&", "&amp;") in html for address in addresses)
    assert len(addresses) == html.count("<img")


def test_what_is_no_web_address_is_none(article_with: Callable[..., Article]) -> None:
    html = sanitise(
        '<img src="data:image/png;base64,AA"><img src="javascript:x"><img src="ftp://a.example/1.png">'
        '<img src="http://[::1"><img src="https://a.example/1.png"><img src="https://a.example/1.png">'
        f'<img src="https://a.example/{"x" * 3000}.png">'
    )
    article = make_article("", "")
    register(article, html)
    register(article, html)
    assert list(Picture.objects.values_list("url", "host")) == [("https://a.example/1.png", "a.example")]


def test_a_page_of_hundreds_is_cut(article_with: Callable[..., Article]) -> None:
    article = article_with(*(f"https://a.example/{n}.png" for n in range(A_PAGE + 5)))
    assert article.pictures.count() == A_PAGE


def test_an_article_that_changed_has_its_new_pictures_alone(article_with: Callable[..., Article]) -> None:
    article = article_with("https://a.example/1.png", "https://a.example/2.png")
    register(article, '<img src="https://a.example/2.png"><img src="https://a.example/3.png">')
    assert {one.url for one in article.pictures.all()} == {"https://a.example/2.png", "https://a.example/3.png"}


def test_the_body_shows_our_copies_and_no_other(article_with: Callable[..., Article]) -> None:
    article = article_with("https://a.example/1.png?a=1&amp;b=2")
    picture = article.pictures.get()
    assert picture.url == "https://a.example/1.png?a=1&b=2"
    Picture.objects.update(width=40, height=30)
    article.html += '<p><img src="https://evil.example/x.png" alt="别处的图" onerror="x"><script>alert(1)</script></p>'
    shown = shown_html(article)
    assert shown.count("<img") == 1
    for part in (f'src="/pictures/{picture.key}.', 'alt="图示"', 'width="40"', 'height="30"', 'loading="lazy"'):
        assert part in shown
    assert 'referrerpolicy="no-referrer"' in shown
    assert "别处的图" in shown
    assert "evil.example" not in shown
    assert "script" not in shown


def test_a_body_beyond_the_caps_is_not_shown() -> None:
    assert shown_html(make_article("", "", html="<div>" * 300)) == ""


def test_the_markdown_to_copy(article_with: Callable[..., Article]) -> None:
    plain = article_with("https://a.example/1.png").pictures.get()
    odd = article_with("https://a.example/(1).png").pictures.get()
    assert markdown_of(plain) == "![](https://a.example/1.png)"
    assert markdown_of(odd) == f"![](/pictures/{odd.key})"


def test_what_nothing_shows_is_forgotten_after_a_month(
    article_with: Callable[..., Article], media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    article_with("https://a.example/1.png")
    unused, fresh = keep_upload(rewrite(encoded())), keep_upload(rewrite(encoded()))
    Picture.objects.exclude(pk=fresh.pk).update(created_at=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old() == 1
    assert not Picture.objects.filter(pk=unused.pk).exists()
    assert [path.name for path in media.rglob("*.png")] == [fresh.file.name.rpartition("/")[2]]


def test_forgetting_again_does_nothing() -> None:
    assert forget_old() == 0
