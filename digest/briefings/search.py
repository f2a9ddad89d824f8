"""Finds published items by words, with the passages that a reader sees; the words themselves are `news/search.py`'s."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.functions import ExtractYear
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from digest.briefings.markdown import plain
from digest.briefings.models import Briefing, Item
from news import search as wire
from news.models import Topic
from news.text import normalise, search_terms, visible

QUERY_LENGTH = 100
HITS_A_PAGE = 20


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
    topic: Topic | None
    year: int | None
    topics: Sequence[Topic]
    years: list[int]
    is_loose: bool = False  # nothing has all the words; these have those that occur at all
    page: "Page[Item] | None" = None  # none where the query holds no word
    hits: list[Hit] = field(default_factory=list)


def find(query: str, topic: str = "", year: str = "", page: str = "1") -> Result:
    """Search the published items. Every argument comes from a stranger; whatever makes no sense is left out."""
    result = _asked(normalise(query), topic, year)
    if not wire.match(result.query):
        return result
    matching = _matching(result, result.query)
    if not matching.exists() and (looser := _loosened(result.query)):
        matching, result.is_loose = _matching(result, looser), True
    result.page = Paginator(matching, HITS_A_PAGE).get_page(page)
    result.hits = [_hit(item, result.query) for item in result.page.object_list]
    return result


def _asked(query: str, slug: str, year: str) -> Result:
    # Chosen from what there is, so that nothing typed into the address reaches the database.
    topics = list(Topic.objects.filter(is_active=True))
    issues = Briefing.objects.published()
    years = list(issues.annotate(year=ExtractYear("date")).values_list("year", flat=True).distinct().order_by("-year"))
    return Result(
        query=query[:QUERY_LENGTH],
        was_cut=len(query) > QUERY_LENGTH,
        topic=next((topic for topic in topics if topic.slug == slug), None),
        year=next((known for known in years if str(known) == year), None),
        topics=topics,
        years=years,
    )


def _matching(result: Result, query: str) -> QuerySet[Item]:
    items = wire.find(Item.objects.published().for_reading(), query)
    if result.topic:
        items = items.filter(topics=result.topic)
    if result.year:
        items = items.filter(briefing__date__year=result.year)
    return items.defer("search").order_by(F("rank").desc(), "-briefing__date", "position")


LOOSE_TERMS = 20  # of a longer query nothing is left out: each term costs a question to the database


def _loosened(query: str) -> str:
    """The query without the terms that no item has, where half of them or more are left.

    Of two words written as one (大模型芯片) that is the seam (型芯). Quotes mean what they say.
    """
    terms = search_terms(query)
    if len(terms) > LOOSE_TERMS:
        return ""
    kept = [term for term in terms if wire.find(Item.objects.published(), term).exists()]
    return " ".join(kept) if len(terms) > len(kept) >= len(terms) / 2 and not set(wire.QUOTES) & set(query) else ""


def _hit(item: Item, query: str) -> Hit:
    headline = visible(item.headline)
    return Hit(
        item, marked(wire.snippet(headline, query, 3 * len(headline))), marked(wire.snippet(plain(item.text), query))
    )


def marked(pieces: Sequence[tuple[str, bool]]) -> SafeString:
    """Pieces of text as HTML, the hits among them marked."""
    marks = (format_html("<mark>{}</mark>", piece) if is_hit else piece for piece, is_hit in pieces)
    return format_html_join("", "{}", ((mark,) for mark in marks))
