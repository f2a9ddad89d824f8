"""Search, and articles beside one another."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

from benchmarks.cost.hostile import RUNNING, Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.calls import of, titled
from benchmarks.cost.registry.caps import ARTICLE, ITEM, TITLE
from digest.briefings import past_issues_take
from digest.briefings.search import QUERY_LENGTH, shown
from news.extract import clean
from news.search import query, snippet, synonyms, terms, vector
from news.stories import added, followup, judge, kinship, overlap, particulars, retelling, sketch
from news.stories.pairs import reading


def _search() -> Iterator[Probe]:
    cap, why = QUERY_LENGTH, "QUERY_LENGTH"
    own = (*RUNNING, Hostile("phrases", "“a”"), Hostile("questions", "什么是"), Hostile("synonyms", "大模型 llm "))
    for function in (query.asked, query.match, query.weights):
        yield of(function, cap, why, own)
    yield Probe("news.search.query.match_name", lambda given: query.match_name([given] * 10), 200, "Alias.text", own)
    yield Probe("news.search.synonyms.forms_in", lambda given: list(synonyms.forms_in(given)), cap, why, own)
    yield Probe(
        "news.search.snippet.snippet",
        lambda given: snippet(given, given[:cap]),
        past_issues_take.LARGEST_BYTES,
        ITEM,
        own,
    )
    yield Probe(
        "news.search.snippet.snippet",
        lambda given: snippet(given, "a b 今天"),
        past_issues_take.LARGEST_BYTES,
        ITEM,
        own,
        "short words",
    )
    yield of(terms.folded, clean.MAX_TEXT, ARTICLE, own)
    yield of(terms.terms, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield of(terms.bigrams, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield of(terms.parts, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield of(terms.is_han, vector.INDEXED_CHARACTERS, "INDEXED_CHARACTERS", own)
    yield Probe(
        "news.search.vector.terms_for",
        lambda given: vector.terms_for(given[:TITLE], given, given[:200]),
        clean.MAX_TEXT,
        ARTICLE,
        own,
    )
    yield of(vector.quoted, terms.TERM_LENGTH, "TERM_LENGTH", own)
    yield Probe("digest.briefings.search.shown.hit", _hit, past_issues_take.LARGEST_BYTES, ITEM, own)


def _hit(given: str) -> object:
    item: Any = SimpleNamespace(headline=given[:300], text=given)
    return shown.hit(item, given[:QUERY_LENGTH])


def probes() -> Iterator[Probe]:
    yield from _search()
    cap = clean.MAX_TEXT
    yield Probe(
        "news.stories.added.added", lambda given: added.added(given, [given[: len(given) // 2]]), cap, ARTICLE, RUNNING
    )
    yield of(added.facts, cap, ARTICLE, RUNNING)
    yield Probe(
        "news.stories.followup.shared_names",
        lambda given: followup.shared_names(given, given[1:]),
        TITLE,
        "Article.title",
        RUNNING,
    )
    yield Probe(
        "news.stories.judge.title_share",
        lambda given: judge.title_share(given, given[1:]),
        TITLE,
        "Article.title",
        RUNNING,
    )
    yield Probe("news.stories.overlap.Told.of", overlap.Told.of, cap, ARTICLE, RUNNING)
    yield Probe(
        "news.stories.overlap.Told.from_sentences",
        lambda given: overlap.Told.from_sentences([given]).shingle_set,
        cap,
        ARTICLE,
        RUNNING,
    )
    yield Probe("news.stories.kinship.kinship", _kinship, cap, ARTICLE, RUNNING)
    yield of(particulars.particulars, cap, ARTICLE, RUNNING)
    yield Probe("news.stories.retelling.alike", lambda given: retelling.alike(given, given[1:]), cap, ARTICLE, RUNNING)
    for function in (sketch.letters, sketch.hashes, sketch.asked_keys):
        yield of(function, cap, ARTICLE, RUNNING)
    for each in (reading.read, reading.head):
        yield Probe(f"news.stories.pairs.reading.{each.__name__}", partial(titled, each), cap, ARTICLE, RUNNING)


def _kinship(given: str) -> object:
    one: Any = SimpleNamespace(title=given[:TITLE], text=given, account="a")
    other: Any = SimpleNamespace(title=given[1:TITLE], text=given[: len(given) // 2] + given[1:], account="b")
    return kinship.kinship(one, other)
