"""One real PostgreSQL and one real Valkey for each process of a run, apart from those of a running site."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from xdist.scheduler import LoadFileScheduling

from digest import embedded

SITES = re.compile(r"tests/(stories/|digest/test_(run|embedded)|benchmarks/test_prove_)")
SHARED = Path(os.environ.get("JIANBAO_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("numprocesses", None):  # who only shares the tests out runs none
        embedded.hold()


class FileByFile(LoadFileScheduling):  # type: ignore[misc]
    """A file is run by one process; those that start whole sites all by the same one, so that no two sites compete."""

    def _split_scope(self, nodeid: str) -> str:
        name = super()._split_scope(nodeid)
        return "sites" if SITES.match(name) else str(name)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    return FileByFile(config, log)


def pytest_unconfigure() -> None:
    embedded.release()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and data sets; tests that need it are left out where it is not there."""
    if not (SHARED / "attack_cases.json").exists():
        pytest.skip("../shared is not here: tests on real pages are left out")
    return SHARED


@pytest.fixture(autouse=True)
def _own_mail_record() -> None:
    """Each test has a database that never sent a letter; the record of another one's would hold its mail."""
    (embedded.VAR_DIR / "mail-record.json").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request in English leaves its language behind in the thread; the next test begins without it."""
    yield
    translation.deactivate()
