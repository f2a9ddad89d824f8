from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.digest.web.servers import Serving, serving

SMALL = "tests.digest.web.small"


@pytest.fixture(scope="module")
def site(django_db_setup: Any) -> Iterator[Serving]:
    """The site itself, as the Procfile serves it, on the tests' database."""
    with serving(WEB_DATABASE=str(connection.settings_dict["NAME"])) as made:
        yield made


@pytest.fixture(scope="module")
def small() -> Iterator[Serving]:
    with serving(f"{SMALL}:application") as made:
        yield made


@pytest.fixture(scope="module")
def short() -> Iterator[Serving]:
    """One process whose limits of time are one second."""
    with serving("--worker-class", f"{SMALL}.Short", "--workers", "1", f"{SMALL}:application") as made:
        yield made


@pytest.fixture(scope="module")
def narrow() -> Iterator[Serving]:
    """One process that keeps twenty connections."""
    with serving("--worker-class", f"{SMALL}.Narrow", "--workers", "1", f"{SMALL}:application") as made:
        yield made
