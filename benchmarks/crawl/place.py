"""A database of the proof's own: Django on a fresh PostgreSQL in a temporary folder, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What a site's `.env` may say and a proof must not hear.
_NOT_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "CRAWL_PROXY", "CRAWL_CA_BUNDLE", "JIANBAO_MODE")


@contextmanager
def own_place(**settings: str) -> Iterator[Path]:
    """Call before anything of Django is touched. `settings` are environment variables."""
    folder = Path(tempfile.mkdtemp(prefix="jianbao-proof-"))
    folder.chmod(0o755)
    (folder / "static").mkdir()
    for name in _NOT_OURS:
        os.environ.pop(name, None)
    os.environ |= {"JIANBAO_VAR": str(folder), "JIANBAO_TESTING": "1", "LOG_LEVEL": "ERROR", **settings}
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    from digest import embedded

    embedded.hold()
    import django
    from django.core.management import call_command

    try:
        django.setup()
        call_command("migrate", verbosity=0)
        yield folder
    finally:
        from django.db import connections

        connections.close_all()
        embedded.release()
        shutil.rmtree(folder, ignore_errors=True)
