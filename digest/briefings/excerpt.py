"""The part of a text that a search found, with the words marked, as safe HTML."""

import unicodedata
from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from news.text import search_terms

LENGTH = 110
BEFORE = 24

Span = tuple[int, int]


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """About `LENGTH` characters around the first place found, words marked; the beginning where none is."""
    spans = find(text, words)
    start = _start(text, spans[0][0]) if spans else 0
    end = min(len(text), start + LENGTH)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return format_html("{}{}{}", before, _mark(text[start:end], inside), after)


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The whole text with the words marked."""
    return _mark(text, find(text, words))


def find(text: str, words: Sequence[str]) -> list[Span]:
    """Where the words stand in a text, in order, not overlapping; full-width and capital letters count as plain.

    A word that does not stand there as typed is looked for in its terms (`GPT 4` for `GPT-4`, Han bigrams).
    """
    folded, origin = _fold(text)
    spans: list[Span] = []
    for word in words:
        needle = _fold(word)[0].strip()
        spans += _places(folded, needle) or [span for term in search_terms(word) for span in _places(folded, term)]
    return _joined([(origin[a], origin[b - 1] + 1) for a, b in spans])


def _fold(text: str) -> tuple[str, list[int]]:
    """The text folded as the index folds it, and for every folded character where it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).casefold():
            letters.append(letter)
            origin.append(place)
    return "".join(letters), origin


def _places(text: str, needle: str) -> list[Span]:
    places: list[Span] = []
    at = text.find(needle) if needle else -1
    while at >= 0:
        if _is_whole(text, at, at + len(needle)):
            places.append((at, at + len(needle)))
        at = text.find(needle, at + len(needle))
    return places


def _is_whole(text: str, start: int, end: int) -> bool:
    """No part of a longer Latin word or number: `ai` is not in `said`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_same_run(before, text[start]) or _same_run(text[end - 1], after))


def _same_run(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _start(text: str, found: int) -> int:
    """A little before the place, at the beginning of its sentence where that is near."""
    earliest = max(0, found - BEFORE)
    if not earliest:
        return 0
    stop = max(text.rfind(mark, earliest, found) for mark in "。！？；，")
    return stop + 1 if stop >= 0 else earliest


def _mark(text: str, spans: list[Span]) -> SafeString:
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        parts += [escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 every part is escaped
