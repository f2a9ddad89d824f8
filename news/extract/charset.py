"""Bytes to text: the charset is what the bytes say, never what a header claims beyond a short list."""

import codecs
import re

from news.extract.base import Unreadable

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {
    **dict.fromkeys(("gbk", "gb2312", "gb18030", "cp936", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950", "x-x-big5"), "big5"),
}
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page, without NUL. UTF-8, GB18030 or Big5: whichever leaves no replacement character.

    UTF-8 comes first, for GB18030 accepts almost any bytes. Anything else that a page names (utf-7, rot13) is ignored.
    Raises Unreadable when the bytes are no text at all, such as a compressed body that nobody unpacked.
    """
    text = _decoded(body, content_type)
    if _is_no_text(text):
        raise Unreadable("blocked", "undecoded")
    return _undo_latin1(text.replace("\x00", ""))


def _decoded(body: bytes, content_type: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        damaged = body.decode("utf-8", "replace")
        if _mostly_good(damaged):
            return damaged
        names = [*_guesses(body, content_type), "utf-8"]
    for name in names:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return min((body.decode(name, "replace") for name in names), key=lambda text: text.count("\ufffd"))


def _mostly_good(text: str) -> bool:
    """UTF-8 with a few broken bytes; text of another charset leaves hardly a character that is good UTF-8."""
    bad = text.count("\ufffd")
    return 2 * bad <= len(text) - len(text.encode("ascii", "ignore")) - bad


def _guesses(body: bytes, content_type: str) -> list[str]:
    """GB18030 and Big5: what yields any of the commonest characters, then the declared one, then what yields more."""
    declared = _DECLARED.search(content_type.encode("ascii", "replace")) or _DECLARED.search(body[:4096])
    name = _NAMES.get(declared[1].decode("ascii").lower(), "") if declared else ""
    common = {guess: _common(body, guess) for guess in ("gb18030", "big5")}
    return sorted(common, key=lambda guess: (not common[guess], guess != name, -common[guess]))


def _common(body: bytes, name: str) -> int:
    text = body[:200_000].decode(name, "ignore")
    return sum(text.count(character) for character in "的是不了在有我这這中国國")


def _is_no_text(text: str) -> bool:
    """Control characters or failed ones in more than a hundredth of the start: packed bytes, not a page."""
    start = text[:20_000]
    odd = len(re.findall("[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffd]", start))
    return odd > 20 and odd * 100 > len(start)


_HAN = re.compile("[\u3400-\u9fff]")
_LATIN1_HIGH = re.compile("[\x80-\xff]{3}")


def _undo_latin1(text: str) -> str:
    """UTF-8 that somebody read as Latin-1 and saved again; strict both ways, so that real Latin text stays."""
    if _HAN.search(text) or not _LATIN1_HIGH.search(text):
        return text
    for name in ("latin-1", "cp1252"):
        try:
            return text.encode(name).decode("utf-8")
        except UnicodeError:
            continue
    return text
