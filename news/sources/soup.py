"""HTML for selectors, parsed once for all kinds that select."""

import re

from bs4 import BeautifulSoup

from news.extract.base import Unreadable
from news.extract.markup import refuse_flood, without_scripts

MAX_CHARACTERS = 2 * 2**20  # of the page without its scripts
MAX_TAGS = 10_000  # each costs about 50 µs here
_DECLARATION = re.compile(r"<\?xml\b[^<>]*>", re.IGNORECASE)


def soup_of(text: str) -> BeautifulSoup:
    """The page without scripts and comments, an XHTML page's declaration too.

    Raises Unreadable("unavailable", "too_large") beyond MAX_CHARACTERS and MAX_TAGS.
    """
    text = _DECLARATION.sub("", without_scripts(text)[0])
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("unavailable", "too_large")
    refuse_flood(text, MAX_TAGS)
    return BeautifulSoup(text, "lxml")
