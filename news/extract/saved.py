"""Opens what an editor saved or pasted: a browser's .html, a web archive (.mht, .mhtml), or HTML as text.

At most 12 MiB go in and 5 MiB come out; pictures that a saver wrote into the page as data are taken out first.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import PurePath

MAX_IN = 12 * 1024 * 1024
MAX_OUT = 5 * 1024 * 1024
MAX_PARTS = 2000  # of an archive; the page itself is nearly always the first
MAX_HEAD = 64 * 1024
REASONS = ("empty", "too_large", "no_page", "broken_archive")
HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml")
ARCHIVE_NAMES = (".mht", ".mhtml")


@dataclass(frozen=True)
class Saved:
    """A page ready for read(): its bytes, the address it was saved from ("" when unknown), its content type."""

    body: bytes
    url: str
    content_type: str


class NotSaved(ValueError):
    """These bytes are no saved page; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def open_saved(data: bytes, name: str = "") -> Saved:
    """The page in a saved file or a pasted text, whatever its name says. Raises NotSaved."""
    if len(data) > MAX_IN:
        raise NotSaved("too_large")
    if not data.strip():
        raise NotSaved("empty")
    if is_archive(data):
        return _within_caps(_from_archive(data))
    if not _has_tags(data, name):
        raise NotSaved("no_page")
    return _within_caps(Saved(data, "", "text/html"))


def is_saved_page(data: bytes, name: str) -> bool:
    """Whether a file among others is a saved page: by its name, or a nameless one by how it begins."""
    suffix = PurePath(name).suffix.lower()
    if suffix in HTML_NAMES + ARCHIVE_NAMES:
        return True
    return is_archive(data) or bool(_DOCUMENT.match(_readable(data)))


# ---- plain pages

# Possessive: without, a page of 30 comments and no <html> takes minutes, twice as long for each comment more.
_DOCUMENT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*+<(?:!doctype\s+html|html)\b", re.I | re.S
)
_OTHER = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[{\[]|<\?xml|<(?:rss|feed|opml|svg)\b|%PDF|PK\x03\x04|\x1f\x8b)", re.I)
_TAG = re.compile(
    rb"<(?:!doctype|html|head|body|title|meta|div|section|article|main|p|h[1-6]|span|img|table|ul|ol|br|a)[\s>/]", re.I
)


def _has_tags(data: bytes, name: str) -> bool:
    """HTML by its tags; other formats carry tags too, and say at their beginning what they are."""
    start = _readable(data)
    if _DOCUMENT.match(start):
        return True
    return bool(_TAG.search(start)) and (PurePath(name).suffix.lower() in HTML_NAMES or not _OTHER.match(start))


def _readable(data: bytes) -> bytes:
    """The beginning; without the NULs and the mark of UTF-16, so that its tags can be seen."""
    start = data[: 4 * MAX_HEAD]
    return start[2:].replace(b"\x00", b"") if start[:2] in (b"\xff\xfe", b"\xfe\xff") else start


_DATA = re.compile(rb"data:[\w.+/-]{0,100};base64,[A-Za-z0-9+/=%]{400,}+")
_SAVED_FROM = (
    re.compile(rb"<!-- saved from url=\(\d+\)(https?://[^\s<>\"]+)"),
    re.compile(rb"Page saved with SingleFile\s+url:\s*(https?://[^\s<>\"]+)"),
    re.compile(rb"<meta name=\"savepage-url\" content=\"(https?://[^\s<>\"]+)\""),
)


def _within_caps(saved: Saved) -> Saved:
    body = _DATA.sub(b"data:,", saved.body)
    if len(body) > MAX_OUT:
        raise NotSaved("too_large")
    if not body.strip():
        raise NotSaved("empty")
    return Saved(body, saved.url or _saved_from(body), saved.content_type)


def _saved_from(body: bytes) -> str:
    """The address that browsers and savers write at the top of a page they save."""
    found = (mark.search(body[:MAX_HEAD]) for mark in _SAVED_FROM)
    return next((match[1].decode("ascii", "ignore").replace("&amp;", "&") for match in found if match), "")


# ---- web archives: RFC 2557, a page and its pictures as one MIME message

_ARCHIVE = re.compile(rb"(?:\s*[A-Za-z][\w-]{1,60}:[^\n]*\n)(?:[ \t][^\n]*\n|[A-Za-z][\w-]{1,60}:[^\n]*\n)*+\r?\n")


def is_archive(data: bytes) -> bool:
    """Whether this is a MIME message: header lines, an empty line, and MIME-Version among them."""
    head = _ARCHIVE.match(data[:MAX_HEAD])
    return bool(head) and b"mime-version:" in data[: head.end() if head else 0].lower()


def _from_archive(data: bytes) -> Saved:
    headers, rest = _parted(data)
    root, body = _root(headers, rest) if headers.get_content_maintype() == "multipart" else (headers, rest)
    charset = root.get_content_charset() or ""
    return Saved(
        body=_decoded(body, root),
        url=_web(headers["Snapshot-Content-Location"])
        or _web(root["Content-Location"])
        or _web(headers["Content-Location"]),
        content_type=f"text/html; charset={charset}" if charset else "text/html",
    )


def _parted(part: bytes) -> tuple[Message, bytes]:
    """A part's headers and what follows their empty line."""
    end = re.search(rb"\r?\n\r?\n", part[:MAX_HEAD])
    if not end:
        raise NotSaved("broken_archive")
    return BytesHeaderParser().parsebytes(part[: end.start()].lstrip()), part[end.end() :]


def _root(headers: Message, rest: bytes) -> tuple[Message, bytes]:
    """The part that `start` names, else the first of HTML."""
    start = str(headers.get_param("start") or "").strip()
    pages = [(part, body) for part, body in _parts(headers, rest) if part.get_content_type() in _PAGE_TYPES]
    named = (page for page in pages if start and str(page[0]["Content-ID"]).strip() == start)
    found = next(named, pages[0] if pages else None)
    if found is None:
        raise NotSaved("broken_archive")
    return found


_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def _parts(headers: Message, rest: bytes) -> Iterator[tuple[Message, bytes]]:
    boundary = str(headers.get_boundary() or "").encode("ascii", "ignore")
    if not boundary:
        raise NotSaved("broken_archive")
    for part in (b"\n" + rest).split(b"\n--" + boundary)[1 : MAX_PARTS + 1]:
        if part.startswith(b"--"):
            return
        try:
            yield _parted(part.removesuffix(b"\r"))
        except NotSaved:
            continue  # a picture's part cut short; the page may stand before it


def _decoded(body: bytes, part: Message) -> bytes:
    way = str(part["Content-Transfer-Encoding"] or "").strip().lower()
    try:
        if way == "base64":
            return binascii.a2b_base64(body)
        return quopri.decodestring(body) if way == "quoted-printable" else body
    except binascii.Error as error:
        raise NotSaved("broken_archive") from error


def _web(address: object) -> str:
    """A web address as a header has it; nothing else, for archives name local files too."""
    match = re.match(r"https?://[^\s<>\"]+", re.sub(r"\s+", "", str(address or "")))
    return match[0] if match else ""
