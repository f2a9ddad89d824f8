"""The bundled encoder, built once and kept between runs, as the product keeps it."""

import pytest

from news.embed import Encoder, encoder


@pytest.fixture(scope="session")
def bundled() -> Encoder:
    return encoder()
