"""Finds published items by words and by meaning, with the passages that a reader sees; the words: `news/search`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import F

from digest.briefings.models import Item
from digest.briefings.search.filters import Filters, read
from digest.briefings.search.ranking import Found, found
from digest.briefings.search.shown import Hit, hit, marked
from digest.briefings.search.suggest import suggestions
from news import search as wire
from news.search.asking import query_vector
from news.search.terms import WHOLE, terms
from news.text import normalise

__all__ = ["Hit", "Result", "find", "marked"]

QUERY_LENGTH = 100
HITS_A_PAGE = 20
MOST_BROWSED = 500
MOST_OTHERS = 5


@dataclass
class Result:
    """Everything that the search page shows."""

    query: str
    was_cut: bool
    filters: Filters
    is_loose: bool = False  # nothing has all the words; these have most of them
    is_by_words: bool = False  # nobody could say what the query means: it was searched for by its words alone
    page: "Page[int] | None" = None  # of the items' keys; none where the query holds no word
    hits: list[Hit] = field(default_factory=list)
    others: list[dict[str, str]] = field(default_factory=list)  # where nothing is found: what may have been meant


def find(query: str, chosen: Mapping[str, str] | None = None, **more: str) -> Result:
    """Search the published items. Every argument comes from a stranger; whatever makes no sense is left out."""
    chosen = {**(chosen or {}), **more}
    query = normalise(query)
    result = Result(query[:QUERY_LENGTH].strip(), len(query) > QUERY_LENGTH, read(chosen))
    if not wire.match(result.query):
        return _browsed(result, chosen) if result.filters.name and not result.query else result
    meaning = None if _is_exact(result.query) else query_vector(result.query)
    known = found(result.filters.narrow(Item.objects.published()), result.query, meaning)
    result.is_loose, result.is_by_words = known.is_loose, meaning is None
    keys = _by_date(known.keys) if result.filters.order else known.keys
    result.page = Paginator(keys, HITS_A_PAGE).get_page(chosen.get("page", "1"))
    result.hits = _hits(result, known)
    result.others = [] if result.hits else _meant(result.query)
    return result


def _browsed(result: Result, chosen: Mapping[str, str]) -> Result:
    """Without a word but with a name: everything about it, the newest first."""
    keys = result.filters.narrow(Item.objects.published()).order_by("-briefing__date", "position")
    result.page = Paginator(list(keys.values_list("pk", flat=True)[:MOST_BROWSED]), HITS_A_PAGE).get_page(
        chosen.get("page", "1")
    )
    result.hits = _hits(result, Found())
    return result


def _meant(query: str) -> list[dict[str, str]]:
    """Names, topics and headlines that hold the query's longest words, for who found nothing."""
    words = sorted({word.removeprefix(WHOLE) for word, _ in terms(query).words}, key=lambda word: (-len(word), word))
    found = [each for word in words[:2] for each in suggestions(word)]
    return list({each["url"]: each for each in found}.values())[:MOST_OTHERS]


def _is_exact(query: str) -> bool:
    """Quotes ask for just these words: nothing that only means the same is wanted."""
    return bool(set(wire.QUOTES) & set(query))


def _by_date(keys: list[int]) -> list[int]:
    newest = Item.objects.filter(pk__in=keys).order_by(F("briefing__date").desc(), "position")
    return list(newest.values_list("pk", flat=True))


def _hits(result: Result, known: Found) -> list[Hit]:
    keys = list(result.page.object_list) if result.page else []
    items = {item.pk: item for item in Item.objects.for_reading().defer("search").filter(pk__in=keys)}
    return [hit(items[key], result.query, known.cosines.get(key)) for key in keys if key in items]
