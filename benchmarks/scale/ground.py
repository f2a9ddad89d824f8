"""A site of its own to measure on: Django over a fresh embedded PostgreSQL in a temporary folder, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOT_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "JIANBAO_MODE")
BUILD_MEMORY, BUILD_WORKERS = "2GB", 1  # for building indexes here: one more process beside the first


@contextmanager
def ground() -> Iterator[None]:
    """Django set up and migrated, starter topics in, nothing else. The disk is not waited for (fsync off)."""
    folder = Path(tempfile.mkdtemp(prefix="jianbao-scale-"))
    folder.chmod(0o755)
    (folder / "static").mkdir()
    os.environ |= dict.fromkeys(NOT_OURS, "")
    os.environ |= {"JIANBAO_VAR": str(folder), "JIANBAO_TESTING": "1", "LOG_LEVEL": "WARNING"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    from digest import embedded

    embedded.hold()
    import django
    from django.core.management import call_command
    from django.db import connections

    try:
        django.setup()
        call_command("migrate", verbosity=0)
        _set_up()
        yield
    finally:
        connections.close_all()
        embedded.release()
        shutil.rmtree(folder, ignore_errors=True)


def _set_up() -> None:
    from django.db import connection

    from news.topics import install_starter_topics

    install_starter_topics()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET autovacuum = off")
        cursor.execute("ALTER SYSTEM SET max_wal_size = '16GB'")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute(f"SET maintenance_work_mem = '{BUILD_MEMORY}'")
        cursor.execute(f"SET max_parallel_maintenance_workers = {BUILD_WORKERS}")
