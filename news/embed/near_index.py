"""Keeps the index of nearest vectors: built in the background once there are many, let go with an old model's vectors.

A column without a dimension holds the vectors of all models, so each model that is in use has a partial index of its
own over `(vector::halfvec(its dimension))`, named by the model's key. Half precision, because it was measured: at
12,000 real vectors it finds 99.8 % of the ten nearest where one bit a number finds 54 % (97 % with the mean taken off),
for three times the size and a third more time to build.

After another model has come to serve, the old one's vectors stay for `GRACE`, so that going back costs nothing; then
they and their index go. A model's vectors that are just being made (reembed.py) are not old.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from psycopg import sql

from news.models import Embedding, ServingModel

BUILD_AT = 20_000  # vectors; below, looking at all takes under 20 ms
GRACE = timedelta(days=14)
IN_THE_MAKING = timedelta(days=1)  # of a model that does not serve: its newest vector is younger
BATCH = 2_000
TENDING = 0x4A4E  # the advisory lock under which one process tends the indexes
LEAST_MIB, MOST_MIB = 64, 2_048  # memory for one build; beyond what it is given the build takes many times as long
BYTES_A_VECTOR = 1_500  # besides its numbers, while it is built: measured


def tend(until: Callable[[], bool] = lambda: False) -> None:
    """Build the indexes that are missing, drop those that nobody needs, forget old models' vectors.

    Idempotent; outside a transaction, as an index is built while others write. Old vectors go in batches, as long as
    `until()` is false.
    """
    with _alone() as is_alone:
        if not is_alone:
            return
        _drop_half_made()
        serving = ServingModel.objects.first()
        for model in _models():
            if serving and model != serving.key and _is_old(model, serving):
                _forget(model, until)
            elif serving and (model == serving.key or _is_made(model)) and _is_large(model):
                build(model)


def build(model: str) -> None:
    """Make the index of one model's vectors, if it is not there. Reads and writes go on meanwhile."""
    if index_name(model) in indexes():
        return
    dimension = _dimension(model)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [f"{_memory_mib(model, dimension)}MB"])
        cursor.execute("SET max_parallel_maintenance_workers = 0")  # the other cores are the site's; so is /dev/shm
        cursor.execute(definition(model, dimension))
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("RESET max_parallel_maintenance_workers")
        cursor.execute("ANALYZE news_embedding")


def definition(model: str, dimension: int, how: str = "CONCURRENTLY ") -> sql.Composed:
    """The CREATE INDEX of one model's vectors."""
    text = (
        "CREATE INDEX {how}IF NOT EXISTS {name} ON news_embedding "
        "USING hnsw ((vector::halfvec({dimension})) halfvec_cosine_ops) WHERE model = {model}"
    )
    return sql.SQL(text).format(
        how=sql.SQL(how),
        name=sql.Identifier(index_name(model)),
        dimension=sql.Literal(dimension),
        model=sql.Literal(model),
    )


def index_name(model: str) -> str:
    """`near_` and a hash of the key: a hub's names have any length and any sign."""
    return "near_" + hashlib.sha256(model.encode()).hexdigest()[:16]


def indexes() -> dict[str, bool]:
    """The names of the indexes that there are, each with whether it is whole and in use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = 'news_embedding'::regclass AND c.relname LIKE 'near\\_%%'"
        )
        return dict(cursor.fetchall())


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [TENDING])
        is_alone = bool(cursor.fetchone()[0])
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [TENDING])


def _drop_half_made() -> None:
    """What a build that was broken off left behind: it is kept up to date and never used."""
    for name, is_whole in indexes().items():
        if not is_whole:
            _drop(name)


def _drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(name)))


def _models() -> list[str]:
    """Every model that has vectors: one look into the unique index for each, not a look at every row."""
    found: list[str] = []
    while key := Embedding.objects.filter(model__gt=found[-1] if found else "").order_by("model").values("model")[:1]:
        found.append(key[0]["model"])
    return found


def _is_old(model: str, serving: ServingModel) -> bool:
    return max(serving.since, _newest(model)) < timezone.now() - GRACE


def _is_made(model: str) -> bool:
    return _newest(model) > timezone.now() - IN_THE_MAKING


def _newest(model: str) -> datetime:
    newest = Embedding.objects.filter(model=model).aggregate(newest=Max("created_at"))["newest"]
    return newest or datetime.min.replace(tzinfo=UTC)


def _is_large(model: str) -> bool:
    return len(Embedding.objects.filter(model=model).values_list("pk")[:BUILD_AT]) == BUILD_AT


def _dimension(model: str) -> int:
    return len(Embedding.objects.filter(model=model).values_list("vector", flat=True)[0])


def _memory_mib(model: str, dimension: int) -> int:
    count = Embedding.objects.filter(model=model).count()
    return min(max(count * (2 * dimension + BYTES_A_VECTOR) // 2**20, LEAST_MIB), MOST_MIB)


def _forget(model: str, until: Callable[[], bool]) -> None:
    """The index first: with it every deleted row would have to be taken out of the graph."""
    _drop(index_name(model))
    rows = Embedding.objects.filter(model=model)
    while not until() and (batch := list(rows.order_by("text_hash").values_list("pk", flat=True)[:BATCH])):
        Embedding.objects.filter(pk__in=batch).delete()
