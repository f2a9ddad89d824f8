"""Pictures on the web: signed addresses alone, nothing fetched, nothing of a stranger's site ever shown (C8)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from digest.pictures import NOTHING
from news.models import Picture, PictureState
from news.pictures import address_of, keep_upload
from news.pictures.raster import kind_of, rewrite
from tests.news.articles import make_article
from tests.news.http.hostile import Listener, page
from tests.news.pictures.samples import encoded, opened

pytestmark = pytest.mark.django_db
SIGN = Path(__file__).resolve().parents[2] / "static" / "icons" / "no-picture.png"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    place = tmp_path / "media"
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place}}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    return place


@pytest.fixture
def web(settings: Any) -> Iterator[Listener]:
    """What the site's own fetches would go through."""
    listener = Listener({"http://img.example.com/a.png": page(encoded(), kind="image/png")})
    settings.CRAWL_PROXY = f"http://127.0.0.1:{listener.port}"
    yield listener
    listener.close()


@pytest.fixture
def waiting() -> Picture:
    return Picture.objects.create(key="a" * 64, url="http://img.example.com/a.png", host="img.example.com")


@pytest.fixture
def stored() -> Picture:
    return keep_upload(rewrite(encoded("JPEG")))


def test_a_stored_picture_is_shown(client: Client, stored: Picture) -> None:
    answer = client.get(address_of(stored))
    assert (answer.status_code, opened(answer.content).size) == (200, (40, 30))
    kept = ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Content-Disposition", "Cache-Control")
    assert [answer.headers[name] for name in kept] == [
        "image/jpeg",
        "nosniff",
        "sandbox; default-src 'none'",
        'inline; filename="picture.jpg"',
        "public, max-age=31536000, immutable",
    ]
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert (answer.cookies, dict(client.cookies)) == ({}, {})
    assert "Location" not in answer.headers


def test_who_has_it_gets_304_and_head_no_body(client: Client, stored: Picture) -> None:
    address = address_of(stored)
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_get_is_all_there_is(client: Client, stored: Picture) -> None:
    assert client.post(address_of(stored)).status_code == 405


def test_an_address_that_we_did_not_sign_is_nothing(
    client: Client, web: Listener, waiting: Picture, django_assert_num_queries: Any
) -> None:
    with override_settings(SECRET_KEY="another key"):
        foreign = address_of(waiting)
    signed = address_of(waiting)
    other = signed.replace("a" * 64, "b" * 64)
    unsigned = f"/pictures/{waiting.key}"
    for address in (foreign, other, unsigned, unsigned + ".", signed[:-1], signed + "x", "/pictures/http:%2F%2Fx"):
        with django_assert_num_queries(0):
            assert client.get(address).status_code == 404
    waiting.refresh_from_db()
    assert waiting.wanted_at is None
    assert web.requests == []


def test_an_old_key_counts_while_it_is_a_fallback(client: Client, stored: Picture, settings: Any) -> None:
    old = address_of(stored)
    with override_settings(SECRET_KEY="the new key"):
        assert client.get(old).status_code == 404
    with override_settings(SECRET_KEY="the new key", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert client.get(old).status_code == 200


def test_what_is_on_its_way_shows_nothing_and_is_noted_once(
    client: Client, web: Listener, waiting: Picture, django_assert_num_queries: Any
) -> None:
    answer = client.get(address_of(waiting))
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, NOTHING, "no-store")
    assert opened(NOTHING).convert("RGBA").getpixel((0, 0))[3] == 0
    waiting.refresh_from_db()
    assert waiting.wanted_at is not None
    with django_assert_num_queries(1):
        client.get(address_of(waiting))
    assert web.requests == []


def test_what_cannot_be_had_shows_our_own_sign(client: Client, web: Listener, waiting: Picture) -> None:
    Picture.objects.update(state=PictureState.FAILED, reason="http_4xx: status 403")
    answer = client.get(address_of(waiting))
    assert (answer.status_code, answer.content) == (200, SIGN.read_bytes())
    assert kind_of(answer.content) == "PNG"
    waiting.delete()
    gone = client.get(address_of(Picture(key="a" * 64)))
    assert (gone.status_code, gone.content) == (404, SIGN.read_bytes())
    assert web.requests == []


def test_a_lost_or_strange_file_is_not_handed_on(client: Client, stored: Picture, media: Path) -> None:
    (file,) = media.rglob("*.jpg")
    file.write_bytes(b"<script>alert(1)</script>")
    assert client.get(address_of(stored)).status_code == 404
    file.unlink()
    assert client.get(address_of(stored)).content == SIGN.read_bytes()


def test_the_media_folder_has_no_address_of_its_own(client: Client, stored: Picture) -> None:
    for address in (f"/media/{stored.file.name}", f"/{stored.file.name}", f"/static/{stored.file.name}"):
        assert client.get(address).status_code == 404


def test_the_file_is_reached_by_no_path(client: Client) -> None:
    for token in ("..%2f..%2fetc%2fpasswd", "%2e%2e/", "a" * 5000, "%00", "\ufffd"):
        assert client.get(f"/pictures/{token}").status_code == 404


def test_the_desk_shows_an_article_with_its_pictures(admin_client: Client, waiting: Picture) -> None:
    article = make_article("标题", "正文", html=f'<p>正文</p><img src="{waiting.url}" alt="示意">')
    waiting.articles.add(article)
    shown = admin_client.get(reverse("admin:news_article_change", args=[article.pk])).content.decode()
    assert shown.count(f'src="{address_of(waiting)}"') == 2
    assert f"<code>![]({waiting.url})</code>" in shown
    assert f'src="{waiting.url}' not in shown
