"""An eye on every connection that is dialled."""

from collections.abc import Iterator

import pytest

from tests.news.http.eye import Address, watch


@pytest.fixture
def dialled() -> Iterator[list[Address]]:
    """Every address that this process connects to while the test runs, whoever dials."""
    with watch() as found:
        yield found
