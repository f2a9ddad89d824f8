"""Full-text search in Chinese: what goes into a stored tsvector, what a query becomes, and the passage shown.

PostgreSQL takes a Chinese sentence for one word, so the terms are ours (news/text.py: Han bigrams, Latin words and
numbers whole) and both sides are written as literals. Index and query use the same terms, so any word of two characters
or more is found inside any sentence, and a single character anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQueryField, SearchRank, SearchVectorField
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from news.models import Article
from news.text import HAN, normalise, search_terms

TERM_LENGTH = 64  # PostgreSQL refuses lexemes over 2 KB; nobody types more than this
LAST_POSITION = 16_383  # PostgreSQL counts no further
INDEXED_CHARACTERS = 30_000  # a tsvector may hold one MiB
GAP = 10  # between the parts, so that no phrase reaches over
MOST_TERMS = 40
QUOTES = '"“”「」『』'  # what stands between two of them is searched for just as it stands
QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|([^\s{QUOTES}]+)")
IS_HAN = re.compile(f"[{HAN}]+")

Rows = TypeVar("Rows", bound=QuerySet[Any])


def index_article(article: Article) -> None:
    """Write `Article.search` for the article as it is now. Raises nothing for any text."""
    vector = vector_for(article.title, article.text, article.account)
    Article.objects.filter(pk=article.pk).update(search=vector)


def find(rows: Rows, query: str) -> Rows:
    """Those rows whose `search` column matches the query, best first; none for a query without a word."""
    wanted = match(query)
    if not wanted:
        return rows.none()
    asked = Cast(Value(wanted, TextField()), SearchQueryField())
    hit = Func(F("search"), asked, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())
    return rows.filter(hit).annotate(rank=SearchRank(F("search"), asked)).order_by("-rank", "-pk")


def vector_for(title: str, text: str, source: str = "") -> Cast:
    """What a `search` column is set to: the terms of these texts as a tsvector."""
    return Cast(Value(terms_for(title, text, source), TextField()), SearchVectorField())


def terms_for(title: str, text: str, source: str = "") -> str:
    """A tsvector literal: the title weighs A, the text B, the source's name C."""
    lexemes: dict[str, list[str]] = {}
    start = 1
    for part, weight in ((title, "A"), (text[:INDEXED_CHARACTERS], "B"), (source, "C")):
        terms = _lexemes(part)
        for term, offset in _placed(terms):
            position = min(start + offset, LAST_POSITION)
            lexemes.setdefault(term, []).append(f"{position}{weight}")
        start += len(terms) + GAP
    return " ".join(f"{_quoted(term)}:{','.join(places)}" for term, places in lexemes.items())


def match(query: str) -> str:
    """A tsquery literal: every word must occur, what is quoted just as it stands; "" if there is no word."""
    return " & ".join(_clause(word, terms, is_phrase) for word, terms, is_phrase in _words(query))


def snippet(text: str, query: str, length: int = 120) -> list[tuple[str, bool]]:
    """About `length` characters around the first hits, cut into (piece, is a hit), for a template to mark.

    Pieces are the text's own characters, not yet escaped; where the text goes on beyond an end, that end is "…".
    """
    hits = _hits(text, [word for word, _, _ in _words(query)])
    start = max(0, hits[0][0] - length // 3) if hits else 0
    end = min(len(text), start + length)
    pieces, at = [("…", False)] if start else [], start
    for first, last in hits:
        if first >= at and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [(piece, is_hit) for piece, is_hit in pieces if piece]


def _words(query: str) -> Iterator[tuple[str, list[str], bool]]:
    for phrase, word in QUOTED.findall(normalise(query)):
        if terms := _lexemes(phrase or word)[:MOST_TERMS]:
            yield phrase or word, terms, bool(phrase)


def _clause(word: str, terms: list[str], is_phrase: bool) -> str:
    if len(terms) == 1 and len(terms[0]) == 1 and IS_HAN.fullmatch(terms[0]):
        return f"{_quoted(terms[0])}:*"  # one character begins a bigram, or ends its run
    joined = " <-> " if is_phrase or word.isascii() else " & "
    return "(" + joined.join(_quoted(term) for term in terms) + ")"


def _lexemes(text: str) -> list[str]:
    return [term[:TERM_LENGTH] for term in search_terms(text)]


def _placed(terms: list[str]) -> Iterator[tuple[str, int]]:
    """Every term with its place; a Han run's last character also by itself, as no bigram begins with it."""
    for place, term in enumerate(terms):
        yield term, place
        following = terms[place + 1] if place + 1 < len(terms) else ""
        if len(term) == 2 and IS_HAN.fullmatch(term) and not following.startswith(term[1]):
            yield term[1], place


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _hits(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the words stand in the text, width and case aside; a word that is not there as typed, by its terms."""
    folded, places = _folded(text)
    found = set()
    for word in words:
        exact = _found(folded, normalise(word).casefold())
        found.update(exact or [span for term in search_terms(word) for span in _found(folded, term)])
    return _merged(sorted((places[first], places[last - 1] + 1) for first, last in found))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and for each character of that the place it came from."""
    pairs = [(piece, place) for place, character in enumerate(text) for piece in normalise(character).casefold() or " "]
    return "".join(piece for piece, _ in pairs), [place for _, place in pairs]


def _found(text: str, word: str) -> list[tuple[int, int]]:
    """Places of a folded word; a Latin word or number only where it is whole: `ai` is not in `said`."""
    before = r"(?<![a-z0-9])" if re.match("[a-z0-9]", word) else ""
    after = r"(?![a-z0-9])" if re.search("[a-z0-9]$", word) else ""
    return [found.span() for found in re.finditer(before + re.escape(word) + after, text)] if word else []


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
