"""The text of articles: cleaning, sentences, names, topics, summaries."""

from collections.abc import Iterator
from functools import cache, partial

from benchmarks.cost.hostile import RUNNING, Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.calls import listed, of
from benchmarks.cost.registry.caps import ARTICLE, TITLE
from news import changes, text
from news.embed import base as embed_base
from news.extract import clean
from news.names import file, find, fold, lexicon, patterns, sense, starter
from news.summarise import pairs, unfit
from news.summarise.extractive import Extractive
from news.topic_scores import term_pattern
from news.topics import words


def probes() -> Iterator[Probe]:
    cap = clean.MAX_TEXT
    for function in (
        text.visible,
        text.folded,
        text.normalise,
        text.simplified,
        text.sentences,
        text.shingles,
        text.search_terms,
    ):
        yield of(function, cap, ARTICLE, RUNNING)
    yield of(changes.text_hash, cap, ARTICLE, RUNNING)
    yield Probe("news.changes.differs", lambda given: changes.differs(given, given[1:] + "1"), cap, ARTICLE, RUNNING)
    yield Probe("news.changes.compare", lambda given: changes.compare(given, given[::-1]), cap, ARTICLE, RUNNING)
    yield Probe(
        "news.changes.compare", lambda given: changes.compare(given, given[3:]), cap, ARTICLE, RUNNING, "shifted"
    )
    yield Probe(
        "news.embed.base.article_text", lambda given: embed_base.article_text(given[:TITLE], given), cap, ARTICLE
    )
    yield of(embed_base.fingerprint, cap, ARTICLE)
    extractive = Extractive()
    yield Probe(
        "news.summarise.extractive.Extractive.summarise",
        lambda given: extractive.summarise(given[:TITLE], given),
        cap,
        ARTICLE,
        RUNNING,
    )
    yield Probe(
        "news.summarise.pairs.pair_vectors",
        lambda given: pairs.pair_vectors([given], given[:TITLE]),
        cap,
        ARTICLE,
        RUNNING,
    )
    yield of(
        unfit.unfit,
        cap,
        ARTICLE,
        (*RUNNING, Hostile("mail", "a.", "a@"), Hostile("promotion", "点击关"), Hostile("labels", "a-a.")),
    )
    yield Probe("news.topics.words.words_of", lambda given: words.words_of(given[:TITLE], given), cap, ARTICLE, RUNNING)
    yield Probe("news.topic_scores.term_pattern", lambda given: term_pattern(given), 200, "a topic's term")
    yield from _names()


def _names() -> Iterator[Probe]:
    cap = clean.MAX_TEXT
    own = (
        *RUNNING,
        Hostile("known names", "Qwen3"),
        Hostile("ambiguous names", "可灵北大算能"),
        Hostile("repositories", "github.com/a/b "),
        Hostile("arXiv", "arXiv:2303.03378 "),
        Hostile("titles of papers", "论文《一二三四五六》"),
        Hostile("half titles", "论文《一二三四五"),
        Hostile("codes", "WTM2101芯片 "),
        Hostile("mail addresses", "a@a."),
        Hostile("hosts", "a.a."),
        Hostile("versions", "Qwen 3.5-Pro-"),
    )
    yield Probe("news.names.find.find", lambda given: find.find(given, _known()), cap, ARTICLE, own)
    for function in (fold.tokens, fold.seen, fold.key_of, fold.plain_width):
        yield of(function, cap, ARTICLE, own)
    yield Probe(
        "news.names.lexicon.Lexicon.hits",
        lambda given: list(_known().lexicon.hits(given, fold.tokens(given))),
        cap,
        ARTICLE,
        own,
    )
    for pattern in (patterns.papers, patterns.repositories, patterns.titles, patterns.codes):
        yield Probe(f"news.names.patterns.{pattern.__name__}", partial(listed, pattern), cap, ARTICLE, own)
    yield Probe(
        "news.names.sense.within",
        lambda given: sense.within(given, _known().lexicon.hits(given, fold.tokens(given))),
        cap,
        ARTICLE,
        own,
    )
    yield Probe("news.names.file.free_slug", lambda given: file.free_slug(given, given, set()), 200, "Name.label")


@cache
def _known() -> find.Known:
    """The starter names, as the database would give them."""
    spellings: list[lexicon.Spelling] = []
    for number, (kind, told) in enumerate(starter.starter_names(), start=1):
        for given in dict.fromkeys(
            [told["label"], *told.get("also", []), *told.get("unsure", []), *told.get("exact", [])]
        ):
            spellings.append(
                lexicon.Spelling(
                    name_id=number,
                    label=told["label"],
                    kind=kind,
                    text=given,
                    key=fold.key_of(given),
                    is_ambiguous=given in told.get("unsure", []),
                    is_exact=given in told.get("exact", []),
                    context=("芯片",),
                )
            )
    return find.Known(lexicon.Lexicon(spellings), frozenset(), 1)
