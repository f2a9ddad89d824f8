"""An empty wire beside the site's own: the product's real code runs on it, and nothing of it stays.

PostgreSQL looks for a table among a session's temporary ones first. So copies of all the wire's tables are made there,
with their indexes: what is written meanwhile goes into the copies, seen by this session alone, and the site's rows are
neither read nor locked for long. The copies go at the end, and with the session in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext

from news.evaluate.base import BadData
from news.models import Article


@contextmanager
def apart() -> Iterator[None]:
    """Inside, every table of `news` is empty and of its own."""
    there = set(connection.introspection.table_names())
    models = apps.get_app_config("news").get_models(include_auto_created=True)
    tables = [model._meta.db_table for model in models if model._meta.db_table in there]
    if Article._meta.db_table not in tables:
        raise BadData(gettext("数据库还没有建表：请先运行 manage.py migrate。"))
    made: list[str] = []
    try:
        for table in tables:
            _run("CREATE TEMPORARY TABLE {0} (LIKE public.{0} INCLUDING ALL)", table)
            made.append(table)
        yield
    finally:
        for table in made:
            _run("DROP TABLE pg_temp.{0}", table)


def empty(*tables: str) -> None:
    """Take everything out of these copies; only inside `apart`."""
    for table in tables:
        _run("DELETE FROM pg_temp.{0}", table)


def _run(statement: str, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(connection.ops.quote_name(table)))
