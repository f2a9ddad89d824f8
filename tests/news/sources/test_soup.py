"""What reaches Beautiful Soup: it warns of XML, and a warning here is an error."""

import pytest

from news.extract.base import Unreadable
from news.sources.soup import MAX_TAGS, soup_of


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<?XML?>",
        "<??xml?>",
        "<<?>?xml>",  # taking the inner one out must not leave an outer one
        "<!--no--><?xml ?>",
        "<<!---->?xml >",
        "<?xml>" * 1000,
    ],
)
def test_instructions_are_passed_over(before: str) -> None:
    assert [str(found) for found in soup_of(f"{before}<p>Chips</p>").select("p")] == ["<p>Chips</p>"]


def test_an_instruction_without_an_end_takes_the_rest() -> None:
    assert str(soup_of("<?xml " * 1000)) == ""
    assert soup_of("<p>Chips</p><?xml <?").get_text() == "Chips "


def test_a_flood_of_tags_is_refused() -> None:
    assert len(soup_of("<p>" * (MAX_TAGS - 1)).select("p")) == MAX_TAGS - 1
    with pytest.raises(Unreadable, match="too_large"):
        soup_of("<p>" * (MAX_TAGS + 1))
