"""C8 and the UPLOAD cases: what the picture proxy shows, fetches and stores, by the real views and a web of our own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.crawl.cases import Case, Cases
from benchmarks.crawl.child import measured
from benchmarks.crawl.pages import empty
from benchmarks.crawl.table import Trial
from benchmarks.crawl.web import Made, Web
from news.models import Article, Picture, PictureState, Stage
from news.pictures import address_of, fetch_next, register
from tests.news.http.hostile import page, redirect
from tests.news.pictures import samples

IMAGE = "http://img.example/a.png"
NAMES = ("../../x.png", "CON.png", "\u202egnp.exe", "x" * 300 + ".png")
PAYLOADS = ("javascript:alert(1)", "http://169.254.169.254/latest/meta-data")
TRACES = (b"alert", b"<?php", b"<html", b"GPS", b"Maker")


def trials(cases: Cases) -> Iterator[Trial]:
    for name, trial in UPLOADS.items():
        yield Trial(name, cases[name].what, cases[name].says, partial(trial, cases[name]))
    for name, (what, expected, run) in PROXY.items():
        yield Trial(f"C8 {name}", what, expected, run)


@contextmanager
def _shown(answer: Made, url: str = IMAGE, **options: Any) -> Iterator[tuple[Picture, Web]]:
    """An article whose body shows `url`, its picture registered, and a web that answers for it."""
    empty()
    Picture.objects.all().delete()
    with Web({url: answer}) as web, web.settings(CRAWL_PACE=0.0, **options):
        article = Article.objects.create(canonical_url=IMAGE, url=IMAGE, host="img.example", stage=Stage.SUMMARISED)
        register(article, f'<p><img src="{url}" alt="图示"></p>')
        yield Picture.objects.get(), web


def _get(address: str) -> Any:
    return Client(SERVER_NAME="127.0.0.1").get(address)


def _unsigned() -> tuple[str, bool]:
    with (
        _shown(page(samples.encoded(), kind="image/png")) as (picture, web),
        CaptureQueriesContext(connection) as asked,
    ):
        tries = (f"/pictures/{picture.key}", f"/pictures/{picture.key}.", f"/pictures/{IMAGE}", "/pictures/x.y")
        statuses = [_get(address).status_code for address in tries]
        # A look at the session or a note that it is wanted would be a query.
        looked = [query["sql"] for query in asked if "news_picture" in query["sql"]]
        got = f"{statuses}, {len(web.log)} fetches, {len(looked)} looks at the database"
        return got, (set(statuses), web.log, looked) == ({404}, [], [])


def _signed_by_another() -> tuple[str, bool]:
    with _shown(page(samples.encoded(), kind="image/png")) as (picture, web):
        forged = [Signer(key="another", sep=".", salt=salt).sign(picture.key) for salt in ("jianbao.picture", "x")]
        right = address_of(picture)
        forged += [right.rsplit("/", 1)[1][:-1], "0" + right.rsplit("/", 1)[1]]
        statuses = [_get(f"/pictures/{token}").status_code for token in forged]
        return f"{statuses}, {len(web.log)} fetches", (set(statuses), web.log) == ({404}, [])


def _forgotten() -> tuple[str, bool]:
    """Signatures do not expire: letters keep them for years. What ends an address is its row."""
    with _shown(page(samples.encoded(), kind="image/png")) as (picture, web):
        address = address_of(picture)
        picture.delete()
        answer = _get(address)
        return f"{answer.status_code}, {len(web.log)} fetches", (answer.status_code, web.log) == (404, [])


def _not_yet() -> tuple[str, bool]:
    """Signed, and not stored: nothing to see, no fetch by the web process; afterwards the picture, with its headers."""
    with _shown(page(samples.encoded(), kind="image/png")) as (picture, web):
        before = _get(address_of(picture))
        early = len(web.log)
        fetch_next()
        after = _get(address_of(picture))
        safe = after.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in after["Content-Security-Policy"]
        got = f"{before.status_code} with {early} fetches, then {after.status_code} {after['Content-Type']}, {safe=}"
        return got, (early, len(web.log), safe, "Set-Cookie" in after) == (0, 1, True, False)


def _refused(bodies: dict[str, bytes], reason: str) -> tuple[str, bool]:
    """Fetched, and not stored; the reader is shown our quiet sign."""
    got = {}
    for name, body in bodies.items():
        with _shown(page(body, kind="image/png")) as (picture, _web):
            fetch_next()
            picture.refresh_from_db()
            got[name] = (picture.state, picture.reason.split(":")[0], bool(picture.file), _get(address_of(picture)))
    reasons = sorted({reason for _, reason, _, _ in got.values()})
    stored = sum(stored for _, _, stored, _ in got.values())
    clean = all(not any(trace in answer.content for trace in TRACES) for *_, answer in got.values())
    failed = all(state == PictureState.FAILED or reason == "empty" for state, reason, *_ in got.values())
    right = failed and not stored and clean  # an empty body may be tried again
    return f"{len(got)} fetched, {stored} stored: {', '.join(reasons)}", right and (not reason or reasons == [reason])


def _polyglots() -> tuple[str, bool]:
    kept, clean = 0, 0
    for body in samples.polyglots().values():
        with _shown(page(body, kind="image/png")) as (picture, _web):
            fetch_next()
            picture.refresh_from_db()
            content = _get(address_of(picture)).content
            kept += picture.state == PictureState.OK
            clean += not any(trace in content for trace in TRACES)
    count = len(samples.polyglots())
    return f"{kept} of {count} re-encoded, {clean} without a trace", clean == count


def _bomb() -> tuple[str, bool]:
    answer, right = _refused({"png": samples.png_bomb(), "webp": samples.webp_bomb()}, "too_many_pixels")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bomb.png"
        file.write_bytes(samples.png_bomb())
        cost = measured("rewrite", file)
    return f"{answer}; +{cost['mebibytes']} MiB", right and cost["mebibytes"] <= 32


def _slow() -> tuple[str, bool]:
    import time

    def late(head: bytes) -> bytes:
        time.sleep(4)
        return page(samples.encoded(), kind="image/png")

    with _shown(late, CRAWL_TIMEOUT=2.0) as (picture, _web):
        began = time.monotonic()
        fetch_next()
        took = time.monotonic() - began
        picture.refresh_from_db()
        status = _get(address_of(picture)).status_code
        got = f"{picture.reason.split(':')[0]} after {took:.1f} s, shown as {status} without waiting"
        return got, picture.reason.startswith("deadline") and took < 3.5 and not picture.file


def _inward() -> tuple[str, bool]:
    got = []
    for to in ("http://127.0.0.1:6379/", "http://169.254.169.254/x.png", "http://[::ffff:7f00:1]/x.png"):
        with _shown(redirect(to)) as (picture, web):
            fetch_next()
            picture.refresh_from_db()
            got.append((picture.reason.split(":")[0], len(web.log), bool(picture.file)))
    return f"{got[0][0]} ×{len(got)}, {sum(count for _, count, _ in got) - len(got)} requests beyond", (
        set(got) == {("ssrf_policy", 1, False)}
    )


def _metadata() -> tuple[str, bool]:
    with _shown(b"", "http://169.254.169.254/x.png") as (picture, web):
        fetch_next()
        picture.refresh_from_db()
        return f"{picture.reason.split(':')[0]}, {len(web.log)} requests", (
            picture.reason.startswith("ssrf_policy") and not web.log
        )


PROXY: dict[str, tuple[str, str, Callable[[], tuple[str, bool]]]] = {
    "unsigned": ("key without or with a made-up signature", "404, 0 fetches, no look at the database", _unsigned),
    "re-signed": ("signed with another key, another salt, cut, changed", "404, 0 fetches", _signed_by_another),
    "ended": ("signed, but its row is gone", "404, 0 fetches", _forgotten),
    "signed": ("signed; before and after the worker fetched it", "0 fetches by the web; nosniff, sandbox", _not_yet),
    "svg": ("SVG and other non-raster bodies as image/png", "0 stored", partial(_refused, samples.no_pictures(), "")),
    "polyglot": ("PNG, JPEG, GIF, WebP with a page or PHP in it", "only pixels", _polyglots),
    "bomb": ("PNG 65,535 × 65,535; WebP 16,384 × 16,384", "too_many_pixels, <= 32 MiB", _bomb),
    "slow": ("a server slower than the time limit", "deadline, reader does not wait", _slow),
    "redirect": ("redirects to private addresses", "ssrf_policy, 0 requests there", _inward),
    "metadata": ("<img> at 169.254.169.254", "ssrf_policy, 0 requests", _metadata),
}


@contextmanager
def _desk() -> Iterator[tuple[Client, Web]]:
    """An editor who has logged in, and a web that must not be asked for anything."""
    Picture.objects.all().delete()
    user, _made = User.objects.get_or_create(username="editor", is_staff=True, is_superuser=True)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    with Web({IMAGE: b""}) as web, web.settings():
        yield client, web


def _upload(client: Client, body: bytes, name: str = "image.png") -> Picture | None:
    """The stored picture, or None where it was refused with a word to the editor."""
    newest = Picture.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    file = SimpleUploadedFile(name, body, "image/png")
    answer = client.post("/admin/news/picture/add/", {"upload": file})
    if answer.status_code not in (200, 302):
        raise AssertionError(f"status {answer.status_code}")
    return Picture.objects.filter(pk__gt=newest).first()


def _hostile(bodies: dict[str, bytes], case: Case) -> tuple[str, bool]:
    with _desk() as (client, web):
        found = [_upload(client, body) for body in bodies.values()]
        kept = [picture for picture in found if picture]
        answers = [client.get(address_of(picture)) for picture in kept]
        clean = sum(not any(trace in answer.content for trace in TRACES) for answer in answers)
        sniff = all(answer["X-Content-Type-Options"] == "nosniff" for answer in answers)
        named = all(answer["Content-Disposition"].startswith("inline; filename=") for answer in answers)
        got = f"{len(found) - len(kept)} refused, {len(kept)} re-encoded, {clean} without a trace"
        return f"{got}, {sniff=}", clean == len(kept) and sniff and named and not web.log


def _disguised(case: Case) -> tuple[str, bool]:
    return _hostile(samples.no_pictures() | samples.polyglots(), case)


def _only_refused(body: Callable[[], bytes], case: Case) -> tuple[str, bool]:
    with _desk() as (client, web):
        kept = _upload(client, body())
        return "refused" if kept is None else "stored", kept is None and not web.log


def _exif(case: Case) -> tuple[str, bool]:
    with _desk() as (client, _web):
        picture = _upload(client, samples.jpeg_with_place())
        image = samples.opened(client.get(address_of(picture)).content) if picture else None
        exif = dict(image.getexif()) if image else {"": "not stored"}
        return f"stored, EXIF {exif or 'gone'}", exif == {}


def _frames(case: Case) -> tuple[str, bool]:
    with _desk() as (client, _web):
        picture = _upload(client, samples.gif_of_many_frames())
        count = getattr(samples.opened(client.get(address_of(picture)).content), "n_frames", 1) if picture else 0
        return f"{count} frame of 10,000 kept", count <= 1


def _file_names(case: Case) -> tuple[str, bool]:
    with _desk() as (client, _web):
        found = [_upload(client, samples.encoded(), name) for name in NAMES]
        stored = [Path(picture.file.name or "").name for picture in found if picture]
        place = {str(Path(picture.file.path).parent.parent) for picture in found if picture}
        own = all(len(name) == 36 and name.endswith(".png") and not set(NAMES) & {name} for name in stored)
        right = own and len(set(stored)) == len(NAMES) and len(place) == 1
        return f"{len(set(stored))} random names, e.g. {stored[0][:12]}…", right


def _qr(case: Case) -> tuple[str, bool]:
    with _desk() as (client, web):
        for payload in PAYLOADS:
            out = BytesIO()
            segno.make(payload).save(out, kind="png", scale=4)
            picture = _upload(client, out.getvalue())
            if picture is None:
                return "refused", False
            while fetch_next():
                pass
        return f"{len(PAYLOADS)} stored as pixels, never decoded, {len(web.log)} fetches", not web.log


UPLOADS: dict[str, Callable[[Case], tuple[str, bool]]] = {
    "UPLOAD-001": _disguised,
    "UPLOAD-002": partial(_only_refused, samples.png_bomb),
    "UPLOAD-003": partial(_only_refused, lambda: samples.SVG),
    "UPLOAD-004": _exif,
    "UPLOAD-005": _frames,
    "UPLOAD-006": _file_names,
    "UPLOAD-007": _qr,
}
