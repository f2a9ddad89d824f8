"""Makes the archive grow to a size: articles, vectors, stories, search terms and sketches, loaded by COPY."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
from django.db import connection
from tqdm import tqdm

from benchmarks.scale.rows import copy_vectors, insert_articles, run
from benchmarks.scale.vectors import DIMENSION, Cloud, Truth
from benchmarks.scale.words import Writer

TEXTS = 20_000  # written in full; above it texts come again, under other titles and with other sketches
CHUNK = 10_000
BEGIN, YEARS = datetime(2014, 1, 1, tzinfo=UTC), 10
AN_EVENT = 2  # articles that tell it, on average
SPREAD_DAYS = 2.0


@dataclass
class Archive:
    """What is there: how many articles, and the true neighbours of the queries among them."""

    most: int
    truth: Truth
    model: str
    cloud: Cloud
    letters: int  # of a text, the middle one
    size: int = 0
    texts: int = 0
    seconds: dict[str, float] = field(default_factory=dict)  # the last load's, and each index's build

    def grow(self, size: int, bar: tqdm[Any]) -> None:
        """Load up to `size` articles, then build every index anew and gather statistics."""
        indexes = _drop_indexes()
        began = time.monotonic()
        self._write_texts(min(size, TEXTS), bar)
        while self.size < size:
            count = min(CHUNK, size - self.size)
            self._add(count)
            bar.update(count)
        self.seconds = {"load": time.monotonic() - began}
        for name, definition in indexes.items():
            self.seconds[name] = _timed(definition)
            bar.set_postfix_str(name)
        self._build_near_index()
        for noun in ("article", "embedding", "story"):  # what is filed later gets numbers beyond the archive's
            run(f"SELECT setval('news_{noun}_id_seq', greatest(nextval('news_{noun}_id_seq'), {self.most} + 1))")
        run("VACUUM ANALYZE")

    def _write_texts(self, count: int, bar: tqdm[Any]) -> None:
        """The pool of texts, each with its search terms by the product's own code; on both cores."""
        if self.texts == count:
            return
        run("CREATE TABLE IF NOT EXISTS scale_text (n int PRIMARY KEY, body text, search tsvector, keys int[])")
        pieces = [(first, min(first + 250, count)) for first in range(self.texts, count, 250)]
        bar.set_postfix_str("texts")
        copy_texts = "COPY scale_text FROM STDIN"
        with ProcessPoolExecutor(2) as both, connection.cursor() as cursor, cursor.copy(copy_texts) as copy:
            for rows in both.map(partial(written, self.letters), *zip(*pieces, strict=True)):
                for row in rows:
                    copy.write_row(row)
        self.texts = count

    def _add(self, count: int) -> None:
        random, first = self.cloud.random, self.size
        event = np.sort(random.integers(0, max(count // AN_EVENT, 1), count))
        vectors = self.cloud.tellings(self.cloud.events(int(event.max()) + 1)[event])
        days = random.random(int(event.max()) + 1) * 365.25 * YEARS
        late = random.random(count) * SPREAD_DAYS
        moments = [BEGIN + timedelta(days=float(day)) for day in days[event] + late]
        self._copy_articles(first, event, moments)
        hashes = insert_articles(first, count, self.texts)
        copy_vectors(self.model, first, hashes, vectors)
        self.truth.add(vectors, first)
        self.size += count

    def _copy_articles(self, first: int, event: np.ndarray, moments: list[datetime]) -> None:
        writer = Writer(first + 1)
        titles = {int(number): writer.title() for number in np.unique(event)}
        run("CREATE TEMP TABLE IF NOT EXISTS scale_row (n bigint, event bigint, title text, moment timestamptz)")
        run("TRUNCATE scale_row")
        with connection.cursor() as cursor, cursor.copy("COPY scale_row FROM STDIN") as copy:
            for place, (number, moment) in enumerate(zip(event, moments, strict=True)):
                title = titles[int(number)] + writer.title()[:4]
                copy.write_row((first + place, int(number), title, moment))

    def _build_near_index(self) -> None:
        from news.embed import near_index

        if self.size < near_index.BUILD_AT:
            return
        with connection.cursor() as cursor:
            began = time.monotonic()
            cursor.execute(near_index.definition(self.model, DIMENSION, how=""))
            self.seconds["near"] = time.monotonic() - began


def written(letters: int, first: int, end: int) -> list[tuple[int, str, str, list[int]]]:
    """Texts of those numbers, their search terms and sketches: done in a process of its own."""
    from news.search.vector import terms_for
    from news.stories.sketch import asked_keys, kept

    writer = Writer(first + 7, letters)
    texts = [writer.text() for _ in range(first, end)]
    return [
        (number, text, terms_for(text[:20], text, "号"), kept(asked_keys(text), len(text)))
        for number, text in zip(range(first, end), texts, strict=True)
    ]


def _drop_indexes() -> dict[str, str]:
    """Drop what is no constraint's, largest tables'; gives how each is made again."""
    tables = ["news_article", "news_embedding", "news_story", "news_sketch"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisunique",
            [tables],
        )
        found = dict(cursor.fetchall())
        for name in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return {name: definition for name, definition in found.items() if not name.startswith("near_")}


def _timed(statement: str) -> float:
    began = time.monotonic()
    run(statement)
    return time.monotonic() - began
