"""Pictures of our own making, good ones and hostile ones."""

import struct
import zlib
from io import BytesIO

from PIL import Image

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def encoded(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    """A plain picture with a gradient in it."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    image = Image.open(BytesIO(body))
    image.load()
    return image


def png_bomb(width: int = 65_535, height: int = 65_535) -> bytes:
    """A PNG whose head promises 4.3 thousand million pixels, with data for all of them as small as zlib makes it."""
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(b"\0" * 2**20) for _ in range(64)) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    """An extended WebP whose canvas is 16,384 × 16,384."""
    edge = (16_383).to_bytes(3, "little")
    chunk = b"VP8X" + (10).to_bytes(4, "little") + b"\0\0\0\0" + edge + edge
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk


def gif_of_many_frames(frames: int = 10_000) -> bytes:
    """One frame's bytes, repeated: an encoder would take minutes."""
    one = encoded("GIF", (8, 8), "L")
    start = frame_of(one)
    return one[:start] + one[start:-1] * frames + b";"


def frame_of(gif: bytes) -> int:
    """Where the first frame begins: behind the head, the colours and the extensions."""
    return gif.index(b"\x2c", 13 + 3 * 2 ** ((gif[10] & 7) + 1))


def jpeg_with_place() -> bytes:
    """EXIF with a turned camera, a maker and a place on Earth."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Maker", 6
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    return encoded("JPEG", exif=exif.tobytes(), comment=b"at home")


def polyglots() -> dict[str, bytes]:
    """Real pictures that are something else as well."""
    jpeg = encoded("JPEG")
    return {
        "png and a page": encoded("PNG") + b"<html>" + SCRIPT,
        "jpeg with a page in its comment": jpeg[:2]
        + b"\xff\xfe"
        + struct.pack(">H", 2 + len(SCRIPT))
        + SCRIPT
        + jpeg[2:],
        "gif and PHP": encoded("GIF") + b"<?php system($_GET[0]); ?>",
        "webp and a page": encoded("WEBP") + SCRIPT,
        "png with a text": encoded("PNG")[:-12] + _chunk(b"tEXt", b"Comment\0" + SCRIPT) + encoded("PNG")[-12:],
    }


def no_pictures() -> dict[str, bytes]:
    """What is called image.png and is none."""
    return {
        "html": b"<!doctype html><html>" + SCRIPT,
        "svg": SVG,
        "php": b"<?php system($_GET[0]); ?>",
        "bmp": encoded("BMP"),
        "tiff": encoded("TIFF"),
        "a GIF's beginning and a script": b"GIF89a/*" + b" " * 40 + b"*/=1;alert(1)",
        "a PNG that ends early": encoded("PNG")[:50],
        "nothing": b"",
    }


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
