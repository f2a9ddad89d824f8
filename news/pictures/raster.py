"""Hostile bytes in, a clean raster image out: decoded, and written anew, so that nothing but its pixels comes through.

What a file had beside its pixels (EXIF with its place, colour profiles, comments, a web page behind the last byte) is
gone. Of a moving picture the first frame is kept: nothing blinks in a briefing, and 10,000 frames cost as much as one.
"""

import re
import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import MARKER

MAX_PIXELS = 20_000_000  # decoded at most 80 MB
MAX_WIDTH = 1600  # twice the measure of our pages, for fine screens
MAX_SEGMENTS = 10_000  # of a JPEG before its picture; a colour profile takes 255 at most
QUALITY = 85
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
_MAGIC = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "WEBP": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_WRITTEN_AS = {"JPEG": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}


class Unfit(Exception):
    """No picture that we show. `reason` is one of not_raster, too_large, too_many_pixels, undecodable."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


@dataclass(frozen=True)
class Raster:
    """A picture of our own writing; `kind` is a key of MEDIA_TYPES."""

    body: bytes
    kind: str
    width: int
    height: int


def kind_of(body: bytes) -> str | None:
    """What the first bytes say that it is."""
    return next((kind for kind, magic in _MAGIC.items() if magic.match(body)), None)


def rewrite(body: bytes) -> Raster:
    """The picture decoded and encoded anew, 1,600 pixels wide at most. Raises Unfit, and nothing else."""
    kind = kind_of(body)
    if kind is None:
        raise Unfit("not_raster")
    try:
        return _written(_decoded(body, kind), _WRITTEN_AS[kind])
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("too_many_pixels", str(error)[:200]) from error
    except Exception as error:  # whatever a decoder says to bytes that were made to break it, they are no picture
        raise Unfit("undecodable", f"{type(error).__name__}: {error}"[:200]) from error


def _decoded(body: bytes, kind: str) -> Image.Image:
    if kind == "WEBP":  # its decoder makes room for the whole canvas before it tells us the size
        _check_size(*_webp_size(body))
    if kind == "JPEG":
        _check_header(body)
    # A JPEG may say that it is several (MPO): its first is taken.
    with Image.open(BytesIO(body), formats=[kind]) as image:
        _check_size(*image.size)
        if kind == "JPEG" and image.width > MAX_WIDTH:
            # Decoded small at once where it is twice as wide or more; never below what we keep.
            image.draft(None, (MAX_WIDTH, max(1, image.height * MAX_WIDTH // image.width)))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return _fitted(image)


def _fitted(image: Image.Image) -> Image.Image:
    """In a mode that all our formats write, and narrow enough."""
    if image.mode.startswith("I"):  # 16 bits a pixel: convert() would clip them to white
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.width > MAX_WIDTH:
        height = max(1, round(image.height * MAX_WIDTH / image.width))
        image = image.resize((MAX_WIDTH, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _written(image: Image.Image, kind: str) -> Raster:
    image.info = {}  # some writers take profiles and comments from here
    out = BytesIO()
    if kind == "JPEG":
        image.save(out, "JPEG", quality=QUALITY, optimize=True)
    elif kind == "WEBP":
        image.save(out, "WEBP", quality=QUALITY)
    else:
        _thrifty(image).save(out, "PNG")
    return Raster(out.getvalue(), kind, *image.size)


def _thrifty(image: Image.Image) -> Image.Image:
    """A drawing of few colours goes into a palette, as it mostly came; nothing of it is lost."""
    if image.mode != "RGB" or image.getcolors(256) is None:
        return image
    return image.convert("P", palette=Image.Palette.ADAPTIVE, colors=256, dither=Image.Dither.NONE)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unfit("too_many_pixels", f"{width} × {height}")


def _check_header(body: bytes) -> None:
    """Raise Unfit for a JPEG of a million segments: Pillow calls a function for each, and each byte between them."""
    at, steps = 2, 0
    while steps < MAX_SEGMENTS:
        mark = body.find(b"\xff", at)
        if mark < 0:
            mark = len(body)
        steps += 1 + mark - at
        code = int.from_bytes(body[mark : mark + 2], "big")
        if code == 0xFFFF:  # a fill byte
            at = mark + 1
        elif code == 0xFF00:
            at = mark + 2
        elif code == 0xFFDA or code not in MARKER:  # the picture itself, or what no JPEG has
            break
        else:
            has_length = MARKER[code][2] is not None
            at = mark + 2 + (max(2, int.from_bytes(body[mark + 2 : mark + 4], "big")) if has_length else 0)
    if steps >= MAX_SEGMENTS:
        raise Unfit("undecodable", "too many segments")


def _webp_size(body: bytes) -> tuple[int, int]:
    """Width and height out of the first chunk: RFC 9649, sections 2.5 to 2.7."""
    chunk = body[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", body, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise Unfit("undecodable", "a WebP without a picture")
