"""What a reader sees of a hit: its headline and best passage with the words marked, and why it was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from digest.briefings.markdown import plain
from digest.briefings.models import Item
from news.search import snippet
from news.text import visible

NAMED = 4  # words that are named as the reason


@dataclass(frozen=True)
class Hit:
    item: Item
    headline: SafeString
    excerpt: SafeString
    why: str = ""


def hit(item: Item, query: str, cosine: float | None = None) -> Hit:
    """The item as a hit of this query; `cosine` where its meaning was compared."""
    headline = visible(item.headline)
    title = snippet(headline, query, 3 * len(headline))
    text = snippet(plain(item.text), query)
    return Hit(item, marked(title), marked(text), _why(title, text, cosine))


def marked(pieces: Sequence[tuple[str, bool]]) -> SafeString:
    """Pieces of text as HTML, the hits among them marked."""
    marks = (format_html("<mark>{}</mark>", piece) if is_hit else piece for piece, is_hit in pieces)
    return format_html_join("", "{}", ((mark,) for mark in marks))


def _why(title: Sequence[tuple[str, bool]], text: Sequence[tuple[str, bool]], cosine: float | None) -> str:
    in_title, in_text = _marked_words(title), _marked_words(text)
    reasons = [gettext("标题含 %s") % _listed(in_title)] if in_title else []
    if only_text := [word for word in in_text if word.casefold() not in {each.casefold() for each in in_title}]:
        reasons.append(gettext("正文含 %s") % _listed(only_text))
    if cosine is not None:
        reasons.append(gettext("意思相近 %.2f") % cosine)
    return gettext("；").join(reasons)


def _marked_words(pieces: Sequence[tuple[str, bool]]) -> list[str]:
    return list({piece.casefold(): piece for piece, is_hit in pieces if is_hit}.values())


def _listed(words: Sequence[str]) -> str:
    return gettext("、").join(words[:NAMED])
