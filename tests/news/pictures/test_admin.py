"""An editor's own pictures, the shared UPLOAD cases among them: refused or written anew, under a random name."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from news.models import Picture, PictureState
from news.pictures import address_of
from tests.conftest import SHARED
from tests.news.http.hostile import Listener
from tests.news.pictures import samples
from tests.news.pictures.samples import encoded, opened

pytestmark = pytest.mark.django_db
ADD = "/admin/news/picture/add/"
NAMES = ["../../x.png", "CON.png", "\u202egnp.exe", "x" * 300 + ".png", "a\0b.png", "图.png"]
REFUSALS = {
    "not_raster": "这不是 PNG、JPEG、GIF 或 WebP 图片",
    "too_many_pixels": "图片超过 2000 万像素",
    "undecodable": "图片已损坏或不完整",
    "too_large": "文件超过 5 MB",
}


def upload(client: Client, body: bytes, name: str = "image.png", kind: str = "image/png") -> Any:
    return client.post(ADD, {"upload": SimpleUploadedFile(name, body, kind)})


def refused(client: Client, body: bytes) -> str:
    """The reason, by what the editor reads."""
    answer = upload(client, body)
    assert answer.status_code == 200
    assert not Picture.objects.exists()
    said = answer.context["adminform"].form.errors["upload"].as_text()
    return next((reason for reason, words in REFUSALS.items() if words in said), said)


def taken(client: Client, body: bytes, name: str = "image.png") -> bytes:
    """The file as it is shown afterwards."""
    answer = upload(client, body, name)
    picture = Picture.objects.latest("pk")
    assert (answer.status_code, answer.url) == (302, reverse("admin:news_picture_change", args=[picture.pk]))
    assert picture.state == PictureState.OK
    return bytes(client.get(address_of(picture)).content)


def html_svg_php_polyglot(client: Client, media: Path) -> None:
    assert {refused(client, body) for name, body in samples.no_pictures().items() if name != "nothing"} == {
        "not_raster",
        "undecodable",
    }
    for body in samples.polyglots().values():
        shown = taken(client, body)
        assert b"alert" not in shown
        assert b"php" not in shown
    answer = client.get(address_of(Picture.objects.latest("pk")))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")


def bomb(client: Client, media: Path) -> None:
    assert refused(client, samples.png_bomb()) == "too_many_pixels"


def svg(client: Client, media: Path) -> None:
    assert refused(client, samples.SVG) == "not_raster"


def exif(client: Client, media: Path) -> None:
    assert dict(opened(taken(client, samples.jpeg_with_place())).getexif()) == {}


def frames(client: Client, media: Path) -> None:
    assert getattr(opened(taken(client, samples.gif_of_many_frames())), "n_frames", 1) == 1


def names(client: Client, media: Path) -> None:
    for name in NAMES:
        taken(client, encoded(), name)
    stored = sorted(path.name for path in media.rglob("*") if path.is_file())
    assert len(set(stored)) == len(NAMES)
    assert all(len(name) == 36 and name.endswith(".png") for name in stored)
    assert {path.parent.parent for path in media.rglob("*.png")} == {media / "pictures"}


def qr_code(client: Client, media: Path) -> None:
    """Nobody reads what the code says: the editor sees the picture, and the listener in `web` sees nothing."""
    for payload in ("javascript:alert(1)", "http://169.254.169.254/latest/meta-data"):
        out = BytesIO()
        segno.make(payload).save(out, kind="png", scale=4)
        shown = taken(client, out.getvalue())
        assert opened(shown).convert("L").tobytes() == opened(out.getvalue()).convert("L").tobytes()
        assert payload.encode() not in shown


CASES = {
    "UPLOAD-001": html_svg_php_polyglot,
    "UPLOAD-002": bomb,
    "UPLOAD-003": svg,
    "UPLOAD-004": exif,
    "UPLOAD-005": frames,
    "UPLOAD-006": names,
    "UPLOAD-007": qr_code,
}


@pytest.mark.parametrize("name", CASES)
def test_the_shared_cases(admin_client: Client, media: Path, web: Listener, name: str) -> None:
    CASES[name](admin_client, media)
    assert web.requests == []


def test_every_shared_case_has_its_test(shared: Path) -> None:
    cases = json.loads((SHARED / "attack_cases.json").read_text(encoding="utf-8"))
    assert {case["id"] for case in cases if case["area"] == "upload"} == set(CASES)


def test_a_file_that_is_too_large(admin_client: Client) -> None:
    assert refused(admin_client, encoded() + b"x" * (5 * 2**20)) == "too_large"


def test_the_page_after_it_has_the_markdown_to_copy(admin_client: Client) -> None:
    answer = admin_client.post(ADD, {"upload": SimpleUploadedFile("a.png", encoded())}, follow=True)
    picture = Picture.objects.get()
    assert f"<code>![](/pictures/{picture.key})</code>" in answer.content.decode()
    assert f'src="{address_of(picture)}"' in answer.content.decode()


def test_a_list_of_one_and_of_three_asks_the_same(admin_client: Client) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            upload(admin_client, encoded())
        with CaptureQueriesContext(connection) as queries:
            page = admin_client.get(reverse("admin:news_picture_changelist"))
        assert page.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_deleting_takes_the_file_along(
    admin_client: Client, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    upload(admin_client, encoded())
    picture = Picture.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:news_picture_delete", args=[picture.pk]), {"post": "yes"})
    assert not Picture.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_failed_one_is_queued_again(admin_client: Client) -> None:
    failed = Picture.objects.create(
        key="a" * 64, url="https://a.example/1.png", host="a.example", state=PictureState.FAILED, attempts=3
    )
    chosen = {"action": "fetch_again", "_selected_action": [failed.pk]}
    admin_client.post(reverse("admin:news_picture_changelist"), chosen)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.wanted_at is not None) == (PictureState.WAITING, 0, True)


def test_who_may_not_upload_cannot(client: Client) -> None:
    user = User.objects.create_user("reader", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_picture"))
    client.force_login(user)
    assert upload(client, encoded()).status_code == 403
    assert not Picture.objects.exists()
    client.logout()
    assert upload(client, encoded()).status_code == 302
    assert not Picture.objects.exists()
