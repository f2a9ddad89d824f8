"""Hostile bytes become a clean picture or are refused; what a decoder would choke on is never decoded."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from news.pictures.raster import MAX_PIXELS, Unfit, kind_of, rewrite
from tests.news.pictures import samples
from tests.news.pictures.samples import encoded, opened


def refused(body: bytes) -> str:
    with pytest.raises(Unfit) as caught:
        rewrite(body)
    return caught.value.reason


@pytest.mark.parametrize(("kind", "written"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("GIF", "PNG"), ("WEBP", "WEBP")])
def test_the_four_kinds_come_through(kind: str, written: str) -> None:
    raster = rewrite(encoded(kind))
    image = opened(raster.body)
    assert (raster.kind, kind_of(raster.body), image.format) == (written,) * 3
    assert (raster.width, raster.height, image.size) == (40, 30, (40, 30))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png(mode: str) -> None:
    grey = Image.new("L", (9, 9), 128)
    body = encoded("PNG", (9, 9), mode) if mode != "I;16" else _sixteen_bits()
    before, after = opened(body).convert("RGBA"), opened(rewrite(body).body).convert("RGBA")
    if mode == "I;16":
        assert after.getpixel((4, 4)) == grey.convert("RGBA").getpixel((4, 4))
    else:
        assert before.tobytes() == after.tobytes()


def _sixteen_bits() -> bytes:
    out = BytesIO()
    Image.new("I;16", (9, 9), 128 * 256 + 7).save(out, "PNG")
    return out.getvalue()


def test_what_is_transparent_stays_so() -> None:
    clear = Image.new("RGBA", (5, 5), (255, 0, 0, 0))
    for kind in ("PNG", "WEBP", "GIF"):
        out = BytesIO()
        clear.save(out, kind)
        assert opened(rewrite(out.getvalue()).body).convert("RGBA").getpixel((2, 2))[3] == 0


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    assert opened(rewrite(encoded("JPEG", mode="CMYK")).body).mode == "RGB"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_wide_ones_are_made_smaller(kind: str) -> None:
    raster = rewrite(encoded(kind, (4000, 1000)))
    assert (raster.width, raster.height) == (1600, 400)
    assert opened(raster.body).size == (1600, 400)


def test_a_long_thin_one_keeps_its_length() -> None:
    assert (rewrite(encoded("PNG", (100, 9000))).width, rewrite(encoded("PNG", (100, 9000))).height) == (100, 9000)


@pytest.mark.parametrize("name", samples.no_pictures())
def test_what_is_no_picture_is_refused(name: str) -> None:
    assert refused(samples.no_pictures()[name]) in {"not_raster", "undecodable"}


@pytest.mark.parametrize("name", samples.polyglots())
def test_only_pixels_come_through(name: str) -> None:
    raster = rewrite(samples.polyglots()[name])
    assert opened(raster.body).size == (40, 30)
    assert b"alert" not in raster.body
    assert b"php" not in raster.body


def test_exif_goes_and_the_picture_stands_upright() -> None:
    raster = rewrite(samples.jpeg_with_place())
    image = opened(raster.body)
    assert image.size == (30, 40)  # orientation 6: the camera was held upright
    assert dict(image.getexif()) == {}
    assert "comment" not in image.info
    assert b"Maker" not in raster.body


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_profiles_and_exif_of_other_formats_go_too(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    image = opened(rewrite(encoded(kind, exif=exif.tobytes(), icc_profile=b"profile" * 20)).body)
    assert dict(image.getexif()) == {}
    assert "icc_profile" not in image.info


def test_of_ten_thousand_frames_the_first_is_kept() -> None:
    body = samples.gif_of_many_frames()
    assert opened(samples.gif_of_many_frames(3)).n_frames == 3
    image = opened(rewrite(body).body)
    assert (image.format, getattr(image, "n_frames", 1), image.size) == ("PNG", 1, (8, 8))


def test_bombs_are_refused_by_their_head() -> None:
    assert refused(samples.png_bomb()) == "too_many_pixels"
    assert refused(samples.png_bomb(MAX_PIXELS // 4000 + 1, 4000)) == "too_many_pixels"
    assert refused(samples.webp_bomb()) == "too_many_pixels"


@pytest.mark.parametrize("filling", [b"\xff\xe1\x00\x02", b"\xff", b"\x01", b"\xff\xf0", b"\xff\x00"])
def test_a_jpeg_of_many_segments_is_refused_before_it_is_decoded(filling: bytes) -> None:
    whole = encoded("JPEG")
    with pytest.raises(Unfit) as told:
        rewrite(whole[:2] + b"\xff\xe1\x00\x02" + filling * 10_000 + whole[2:])
    assert str(told.value) == "undecodable: too many segments"
    assert rewrite(whole[:2] + b"\xff\xe1\x00\x02" * 300 + whole[2:]).kind == "JPEG"


def test_a_gif_whose_frame_outgrows_its_screen() -> None:
    body = bytearray(encoded("GIF", (8, 8), "L"))
    start = samples.frame_of(bytes(body))
    body[start + 5 : start + 9] = b"\xff\xff\xff\xff"
    assert refused(bytes(body)) == "too_many_pixels"


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.integers(0, 400), st.binary(max_size=12), st.booleans())
def test_broken_ones_raise_nothing_else(kind: str, place: int, noise: bytes, cut: bool) -> None:
    body = encoded(kind, (16, 16))
    place %= len(body)
    assert outcome(body[:place] + noise + (b"" if cut else body[place + len(noise) :])) in {
        *("taken", "not_raster", "undecodable", "too_many_pixels")
    }


def outcome(body: bytes) -> str:
    try:
        raster = rewrite(body)
    except Unfit as unfit:
        return unfit.reason
    return "taken" if raster.width * raster.height <= MAX_PIXELS else "too large"


# VmHWM and not ru_maxrss, which starts at the size of the parent that forked.
_PEAK = """
import re, sys
from pathlib import Path
from news.pictures.raster import Unfit, rewrite
from tests.news.pictures.samples import encoded
for kind in ("PNG", "JPEG", "WEBP", "GIF"):
    rewrite(encoded(kind))
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
body, before = Path(sys.argv[1]).read_bytes(), peak()
try:
    rewrite(body)
    print("taken", peak() - before)
except Unfit as unfit:
    print(unfit.reason, peak() - before)
"""
_SETUP = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup()"


def peak_of(body: bytes, tmp_path: Path) -> tuple[str, int]:
    """The outcome, and by how many MiB the peak of a process of its own rose."""
    file = tmp_path / "picture"
    file.write_bytes(body)
    command = [sys.executable, "-c", _SETUP + _PEAK, str(file)]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split()
    return out[0], int(out[1])


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


@needs_proc
def test_a_bomb_costs_no_memory(tmp_path: Path) -> None:
    for body in (samples.png_bomb(), samples.webp_bomb()):
        result, mebibytes = peak_of(body, tmp_path)
        assert result == "too_many_pixels"
        assert mebibytes <= 8


@needs_proc
def test_the_largest_that_is_taken_costs_a_bounded_amount(tmp_path: Path) -> None:
    result, mebibytes = peak_of(encoded("PNG", (5000, 4000), "RGBA"), tmp_path)
    assert result == "taken"
    assert 60 <= mebibytes <= 250
