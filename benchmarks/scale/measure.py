"""Measures an archive as it stands: filing, searching, how much of the truth is found, sizes, full scans."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import connection

from benchmarks.scale.archive import BEGIN, Archive
from benchmarks.scale.words import Writer

LARGE = 25_000  # rows; a smaller table is read as a whole in no time, and so are its vectors by intent
PARTS = {  # a step of filing → where the product's step finds it
    "topics": ("news.tag", "file_topics"),
    "story and copies": ("news.stories", "place"),
    "of which the copies": ("news.stories.place", "find_original"),
    "names": ("news.names", "find_in"),
    "search terms": ("news.steps", "index_article"),
}


@dataclass
class Figures:
    """Milliseconds by what was done, one a try; shares of the truth; bytes; statements that read a whole table."""

    times: dict[str, list[float]] = field(default_factory=dict)
    recall: dict[int, float] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    scans: set[str] = field(default_factory=set)

    def note(self, name: str, seconds: float) -> None:
        self.times.setdefault(name, []).append(1_000 * seconds)


def measure(archive: Archive, tries: int) -> Figures:
    """Warm: each kind is done a few times before it counts. Encoding is not in it: vectors are given."""
    figures = Figures(recall={count: _recall(archive, count) for count in (10, 50)})
    with _statements() as seen:
        _file(archive, tries, figures)
        _search(archive, tries, figures)
    figures.scans = set(_scans(seen))
    figures.sizes = dict(_sizes())
    _forget(archive)
    return figures


def _file(archive: Archive, tries: int, figures: Figures) -> None:
    from news import steps

    articles = [_new_article(archive, number) for number in range(tries + 3)]
    for number, article in enumerate(articles):
        noted = figures if number >= 3 else Figures()
        with _parts_timed(noted):
            noted.note("filing an article", _seconds(steps.file, article))


def _new_article(archive: Archive, number: int) -> Any:
    """Half of them tell what a stored one told, a fifth are its very text, the rest is new; its vector is stored."""
    from news.embed import article_text, fingerprint
    from news.models import Article, Embedding, Stage

    writer = Writer(archive.size + number, archive.letters)
    among = archive.texts if number % 5 == 0 else archive.size  # above, sketches are not their texts' own
    told = Article.objects.get(pk=int(archive.cloud.random.integers(0, among)) + 1)
    vector = np.array(Embedding.objects.get(model=archive.model, text_hash=told.text_hash).vector)
    title, text = (told.title, told.text) if number % 5 == 0 else (told.title + writer.title()[:3], writer.text())
    if number % 2:
        title, vector = writer.title(), archive.cloud.tellings(archive.cloud.events(1))[0]
    title += f" {archive.size}.{number}"
    key = fingerprint(article_text(title, text))
    Embedding.objects.create(model=archive.model, text_hash=key, vector=vector)
    address = f"https://example.org/{archive.size}/{number}"
    moment = (told.published_at or BEGIN) + timedelta(hours=5)
    return Article.objects.create(
        canonical_url=address, url=address, host="example.org", title=title, text=text, text_hash=key,
        published_at=moment, stage=Stage.EMBEDDED,
    )  # fmt: skip


@contextmanager
def _parts_timed(figures: Figures) -> Iterator[None]:
    with ExitStack() as stack:
        for name, (module, attribute) in PARTS.items():
            stack.enter_context(_timed(figures, name, sys.modules[module], attribute))
        yield


@contextmanager
def _timed(figures: Figures, name: str, module: Any, attribute: str) -> Iterator[None]:
    work = getattr(module, attribute)

    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*given, **named)
        finally:
            figures.note(name, time.perf_counter() - began)

    setattr(module, attribute, timed)
    try:
        yield
    finally:
        setattr(module, attribute, work)


def _search(archive: Archive, tries: int, figures: Figures) -> None:
    from news.embed.near import nearest
    from news.models import Article
    from news.search import ranked

    writer = Writer(archive.size)
    for number in range(tries + 3):
        query, vector = writer.query(), archive.truth.queries[number % len(archive.truth.queries)]
        month = BEGIN + timedelta(days=90 * (number % 38))
        span = (month, month + timedelta(days=30))
        noted = figures if number >= 3 else Figures()
        words = _seconds(ranked, Article.objects.all(), query, 50)
        meaning = _seconds(nearest, vector, 50, model=archive.model)
        in_month = _seconds(nearest, vector, 50, moments=span, model=archive.model)
        noted.note("a search by words", words)
        noted.note("a search by meaning", meaning)
        noted.note("a search by both", words + meaning)
        noted.note("by meaning, in one month", in_month)


def _recall(archive: Archive, count: int) -> float:
    from news.embed.near import nearest
    from news.models import Article

    hits = 0
    for number, query in enumerate(archive.truth.queries):
        found = [key for key, _ in nearest(query, count, model=archive.model)]
        rows = Article.objects.filter(text_hash__in=found).values_list("pk", flat=True)
        hits += len(archive.truth.nearest(number, count) & {pk - 1 for pk in rows})
    return hits / count / len(archive.truth.queries)


def _forget(archive: Archive) -> None:
    """Take out what was filed, or it would stand among the nearest at the next size."""
    from news.models import Article, Embedding

    Article.objects.filter(pk__gt=archive.most).delete()
    Embedding.objects.filter(pk__gt=archive.most).delete()


@contextmanager
def _statements() -> Iterator[dict[str, tuple[str, Any]]]:
    """Every kind of SELECT that is asked meanwhile, with one of its parameters' values."""
    seen: dict[str, tuple[str, Any]] = {}

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if isinstance(sql, str) and not many and sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "(SELECT")):
            seen.setdefault(re.sub(r"(%s, )+%s", "%s…", sql), (sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def _scans(seen: dict[str, tuple[str, Any]]) -> Iterator[str]:
    """Statements for which PostgreSQL would read all of a large table, as `table: statement`."""
    with connection.cursor() as cursor:
        for sql, params in seen.values():
            if "pg_catalog" in sql or "set_config" in sql or "advisory" in sql:
                continue
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
            plan = json.loads(plan) if isinstance(plan, str) else plan
            for table in set(_scanned(plan[0]["Plan"])):
                yield f"{table}: {sql[:300]}"


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and _rows(node["Relation Name"]) > LARGE:
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _scanned(below)


def _rows(table: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return cursor.fetchone()[0]


def _sizes() -> Iterator[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN relname LIKE 'near\\_%%' THEN 'near' ELSE relname END, pg_relation_size(oid) "
            "FROM pg_class WHERE relkind = 'i' AND relname !~ '^(pg_|scale_)' AND pg_relation_size(oid) > 1000000"
        )
        yield from cursor.fetchall()
        cursor.execute("SELECT 'database', pg_database_size(current_database())")
        yield from cursor.fetchall()


def _seconds(work: Callable[..., Any], *given: Any, **named: Any) -> float:
    began = time.perf_counter()
    work(*given, **named)
    return time.perf_counter() - began
