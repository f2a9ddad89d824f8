"""Finding a summariser by its name."""

import pytest

from news.summarise import NAMES, UnknownSummariser, summariser


@pytest.mark.parametrize("name", NAMES)
def test_every_name_gives_a_summariser_that_knows_it(name: str) -> None:
    assert summariser(name).name == name


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownSummariser, match="no summariser 'poet'; there are extractive"):
        summariser("poet")
