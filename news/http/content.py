"""Which kinds of content may come in, by what the server says and by what the first bytes are."""

import re

from news.http.errors import FetchError, Reason

PAGES = frozenset(
    {
        *("text/html", "application/xhtml+xml", "text/plain"),
        *("text/xml", "application/xml", "application/rss+xml", "application/x-rss+xml"),
        *("application/atom+xml", "application/rdf+xml"),
        *("application/json", "text/json", "application/feed+json"),
    }
)
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_UNSAID = ("", "application/octet-stream")
_RASTER = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)
# Documents, images, archives, films: only beginnings that no text has.
_BINARY = re.compile(
    _RASTER.pattern
    + rb"|%PDF-|PK\x03\x04|\x1f\x8b|\x7fELF|\xd0\xcf\x11\xe0|Rar!\x1a|7z\xbc\xaf|\x28\xb5\x2f\xfd|\xfd7zXZ"
    rb"|\x00\x00\x00",
    re.DOTALL,
)


def check_declared(content_type: str, wanted: frozenset[str]) -> None:
    """`content_type`: the header as it came, "" where there was none; two headers arrive joined by a comma."""
    kind = content_type.split(";")[0].strip().lower()
    if "," in content_type.split(";")[0] or (kind not in wanted and kind not in _UNSAID):
        raise FetchError(Reason.CONTENT_TYPE, detail=kind[:100])


def check_body(body: bytes, wanted: frozenset[str]) -> None:
    """A page is no PDF whatever the header says, and an image begins as an image."""
    if not body.strip():
        raise FetchError(Reason.EMPTY)
    fits = bool(_RASTER.match(body)) if wanted == IMAGES else not _BINARY.match(body)
    if not fits:
        raise FetchError(Reason.CONTENT_TYPE, detail="the first bytes are of another kind")
