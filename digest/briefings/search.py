"""Finds published items by words: Chinese in bigrams, Latin and numbers whole, quoted phrases as they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.contrib.postgres.search import SearchQueryField, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, ExtractYear
from django.utils.safestring import SafeString

from digest.briefings.excerpt import excerpt, marked
from digest.briefings.index import TERM_LENGTH, quoted
from digest.briefings.markdown import plain
from digest.briefings.models import Briefing, Item
from news.models import Topic
from news.text import normalise, search_terms, visible

QUERY_LENGTH = 100
MOST_TERMS = 40
HITS_A_PAGE = 20
_WORDS = re.compile(r'["“”「」『』]([^"“”「」『』]*)["“”「」『』]|([^\s"“”「」『』]+)')


@dataclass(frozen=True)
class Word:
    """What the reader typed between blanks, or in quotes."""

    text: str
    terms: list[str]
    is_phrase: bool


@dataclass(frozen=True)
class Hit:
    item: Item
    headline: SafeString
    excerpt: SafeString


@dataclass
class Result:
    """Everything that the search page shows."""

    query: str
    was_cut: bool
    words: list[Word]
    topic: Topic | None
    year: int | None
    topics: Sequence[Topic]
    years: list[int]
    is_loose: bool = False  # nothing has all the words; these have those that occur at all
    page: "Page[Item] | None" = None
    hits: list[Hit] = field(default_factory=list)


def find(query: str, topic: str = "", year: str = "", page: str = "1") -> Result:
    """Search the published items. Every argument comes from a stranger; whatever makes no sense is left out."""
    typed = normalise(query)
    result = _asked(typed[:QUERY_LENGTH], len(typed) > QUERY_LENGTH, topic, year)
    if not result.words:
        return result
    matching = _matching(result)
    if not matching.exists():
        matching = _loosened(result)
    result.page = Paginator(matching, HITS_A_PAGE).get_page(page)
    texts = [word.text for word in result.words]
    result.hits = [
        Hit(item, marked(visible(item.headline), texts), excerpt(plain(item.text), texts))
        for item in result.page.object_list
    ]
    return result


def words_of(query: str) -> list[Word]:
    """The words of a query with their terms, without those that hold none (`???`)."""
    found = []
    for phrase, word in _WORDS.findall(query):
        terms = [term[:TERM_LENGTH] for term in search_terms(phrase or word)][:MOST_TERMS]
        if terms:
            found.append(Word(phrase or word, terms, bool(phrase)))
    return found


def tsquery(words: list[Word]) -> str:
    """The words as a tsquery literal: all must be there; a phrase's terms follow each other."""
    return " & ".join(_clause(word) for word in words)


def _clause(word: Word) -> str:
    if len(word.terms) == 1 and len(word.terms[0]) == 1 and word.terms[0] >= "\u3400":
        return f"{quoted(word.terms[0])}:*"  # one character begins a bigram, or ends its run
    joined = " <-> " if word.is_phrase or word.text.isascii() else " & "  # GPT-4 is one name: gpt, then 4
    return "(" + joined.join(quoted(term) for term in word.terms) + ")"


def _asked(query: str, was_cut: bool, slug: str, year: str) -> Result:
    # Chosen from what there is, so that nothing typed into the address reaches the database.
    topics = list(Topic.objects.filter(is_active=True))
    issues = Briefing.objects.published()
    years = list(issues.annotate(year=ExtractYear("date")).values_list("year", flat=True).distinct().order_by("-year"))
    return Result(
        query=query,
        was_cut=was_cut,
        words=words_of(query),
        topic=next((topic for topic in topics if topic.slug == slug), None),
        year=next((known for known in years if str(known) == year), None),
        topics=topics,
        years=years,
    )


def _matching(result: Result) -> QuerySet[Item]:
    query = tsquery(result.words)
    items = (
        Item.objects.published()
        .for_reading()
        .filter(_has(query))
        .annotate(rank=SearchRank(F("search"), _as_query(query)))
    )
    if result.topic:
        items = items.filter(topics=result.topic)
    if result.year:
        items = items.filter(briefing__date__year=result.year)
    return items.defer("search").order_by("-rank", "-briefing__date", "position")


def _has(query: str) -> Func:
    terms = [F("search"), _as_query(query)]
    return Func(*terms, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())


def _as_query(query: str) -> Cast:
    """Cast, not parsed: PostgreSQL's parser knows no Chinese, and our terms are quoted already."""
    return Cast(Value(query, TextField()), SearchQueryField())


def _loosened(result: Result) -> QuerySet[Item]:
    """Without the bigrams that no item has: of two words written as one (大模型芯片), the seam (型芯) is left out."""
    words = [word if word.is_phrase else _that_occurs(word) for word in result.words]
    kept, asked = sum(len(word.terms) for word in words), sum(len(word.terms) for word in result.words)
    if kept == asked or 2 * kept < asked or not all(word.terms for word in words):
        return Item.objects.none()
    result.is_loose = True
    return _matching(replace(result, words=words))


def _that_occurs(word: Word) -> Word:
    return replace(word, terms=[term for term in word.terms if _occurs(term)])


def _occurs(term: str) -> bool:
    return Item.objects.published().filter(_has(quoted(term))).exists()
