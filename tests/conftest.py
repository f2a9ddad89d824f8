"""One real PostgreSQL and one real Valkey for the whole run, apart from those of a running site."""

import os
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent
os.environ["JIANBAO_TESTING"] = "1"
os.environ.setdefault("JIANBAO_VAR", str(BASE / "var" / "test"))
for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "CRAWL_PROXY", "CRAWL_CA_BUNDLE", "JIANBAO_MODE"):
    os.environ.pop(name, None)

SHARED = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")


def pytest_configure() -> None:
    from digest import embedded

    embedded.hold()


def pytest_unconfigure() -> None:
    from digest import embedded

    embedded.release()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and data sets; tests that need it are left out where it is not there."""
    if not (SHARED / "attack_cases.json").exists():
        pytest.skip("../shared is not here: tests on real pages are left out")
    return SHARED
