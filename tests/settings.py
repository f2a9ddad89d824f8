"""The tests' settings: a PostgreSQL and a Valkey of their own under var/test, whatever the environment says.

Where several processes share the tests out (pytest -n), each has its own, in a folder below.
"""

import os
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
for _name in (
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "CRAWL_PROXY", "CRAWL_CA_BUNDLE", "JIANBAO_MODE"),
    *("DEBUG", "EMBED_MODEL", "EMBED_QUANTISED", "SUMMARISER", "ALLOWED_HOSTS", "PORT", "BEHIND_PROXY", "LOG_LEVEL"),
    *("CRAWL_ROBOTS", "CRAWL_PACE"),
):
    os.environ.pop(_name, None)
os.environ["JIANBAO_TESTING"] = "1"
_var = str(BASE / "var" / "test")
if os.environ.get("JIANBAO_VAR", _var) == _var:
    os.environ["JIANBAO_VAR"] = str(Path(_var, os.environ.get("PYTEST_XDIST_WORKER", "")))

from digest.settings import *  # noqa: E402, F403
