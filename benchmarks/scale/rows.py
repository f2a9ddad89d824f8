"""How the archive's rows are written: articles by one INSERT from what was copied, vectors by COPY in binary."""
# ruff: noqa: S608 - the statements are put together of our own names and numbers

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's


def insert_articles(first: int, count: int, texts: int) -> list[str]:
    """Insert stories and articles by what was copied; gives the articles' text hashes in their order."""
    from news.models import Article, Stage

    run(
        "INSERT INTO news_story (id, created_at, followup_why, is_followup_fixed) "
        f"SELECT DISTINCT {first} + event + 1, min(moment), '{{}}'::jsonb, false FROM scale_row GROUP BY event"
    )
    fixed = _plain_columns(Article(stage=Stage.SUMMARISED, host="example.com", state="ok"))
    ours = {
        "id": "r.n + 1",
        "canonical_url": "'https://example.com/' || r.n",
        "url": "'https://example.com/' || r.n",
        "account": "'帐号 ' || (r.n % 500)",
        "title": "r.title",
        "text": "t.body",
        "search": "t.search",
        "text_hash": "encode(sha256(convert_to(r.title || E'\\n' || left(t.body, 1000), 'UTF8')), 'hex')",
        "published_at": "r.moment",
        "created_at": "r.moment",
        "changed_at": "r.moment",
        "story_id": f"{first} + r.event + 1",
    }
    columns = {**fixed, **ours}
    names, values = ", ".join(columns), ", ".join(columns.values())
    run(f"INSERT INTO news_article ({names}) SELECT {values} FROM scale_row r JOIN scale_text t ON t.n = r.n % {texts}")
    _insert_sketches(texts)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text_hash FROM news_article WHERE id BETWEEN %s AND %s ORDER BY id", [first + 1, first + count]
        )
        return [row[0] for row in cursor.fetchall()]


def _insert_sketches(texts: int) -> None:
    """A text that comes again gets other keys, as if it were another text: else every key were boilerplate."""
    other = f"CASE WHEN r.n < {texts} THEN 0 ELSE hashint8(r.n / {texts}) END"
    run(
        f"INSERT INTO news_sketch (article_id, keys) SELECT r.n + 1, ARRAY(SELECT key # ({other}) FROM "
        f"unnest(t.keys) key) FROM scale_row r JOIN scale_text t ON t.n = r.n % {texts}"
    )


def _plain_columns(article: Any) -> dict[str, str]:
    """Every column of a row as a constant, as the product would have it."""
    from psycopg import sql

    values = {column.column: getattr(article, column.attname) for column in article._meta.concrete_fields}
    constants = {name: value for name, value in values.items() if not hasattr(value, "resolve_expression")}
    return {name: sql.Literal(value).as_string() for name, value in constants.items() if name != "id"}


def copy_vectors(model: str, first: int, hashes: list[str], vectors: np.ndarray) -> None:
    """In PostgreSQL's own binary form: rows of one length, so that numpy writes them all at once."""
    key = model.encode()
    row = np.dtype([
        ("fields", ">i2"), ("l1", ">i4"), ("id", ">i8"), ("l2", ">i4"), ("hash", "S64"), ("l3", ">i4"),
        ("model", f"S{len(key)}"), ("l4", ">i4"), ("dimension", ">i2"), ("unused", ">i2"),
        ("vector", ">f4", (vectors.shape[1],)), ("l5", ">i4"), ("created", ">i8"),
    ])  # fmt: skip
    rows = np.zeros(len(hashes), row)
    lengths = (("l1", 8), ("l2", 64), ("l3", len(key)), ("l4", 4 + 4 * vectors.shape[1]), ("l5", 8))
    for name, length in lengths:
        rows[name] = length
    rows["fields"], rows["model"], rows["dimension"] = 5, key, vectors.shape[1]
    rows["id"], rows["hash"], rows["vector"] = np.arange(len(hashes)) + first + 1, hashes, vectors
    rows["created"] = int((datetime.now(UTC) - EPOCH) / timedelta(microseconds=1))
    head, tail = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
    command = "COPY news_embedding (id, text_hash, model, vector, created_at) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        copy.write(head + rows.tobytes() + tail)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
