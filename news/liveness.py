"""Tells whether the process that holds a lease still lives, by its connection to PostgreSQL.

A lease names the connection it was written over: the server process's number and its start. When the holder is killed
the connection is gone at once, so its work need not wait for the end of the lease. A holder that lost its connection
and lives on loses the lease too; that is safe, since a result is applied only while the lease is its own. A pooler that
gives each transaction another connection (PgBouncer's transaction mode) breaks this; docs/operations.md says so.
"""

from django.db import connection
from django.db.models import BooleanField, CharField
from django.db.models.expressions import RawSQL

NAME = "pid || '.' || (extract(epoch FROM backend_start) * 1000)::bigint"
BACKEND = f"SELECT {NAME} FROM pg_stat_activity WHERE pid = pg_backend_pid()"  # noqa: S608  constants only


def backend() -> str:
    """Return the name of this process's connection, `<pid>.<start in ms>`: 21 characters at most."""
    with connection.cursor() as cursor:
        cursor.execute(BACKEND)
        return str(cursor.fetchone()[0])


def this_backend() -> RawSQL:
    """Return the same as an expression, for the statement that writes the lease."""
    return RawSQL(f"({BACKEND})", [], output_field=CharField())  # noqa: S611  constants only


def has_lost_its_holder(column: str) -> RawSQL:
    """Return the condition that `column` (`table.column`, not quoted) begins with the name of a connection gone."""
    begins = f"substring({column} from '^[0-9]+[.][0-9]+')"
    gone = f"NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE {NAME} = {begins})"  # noqa: S608  constants only
    return RawSQL(f"{begins} IS NOT NULL AND {gone}", [], output_field=BooleanField())  # noqa: S611  constants only
