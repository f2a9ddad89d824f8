"""HTML for selectors, parsed once for all kinds that select."""

import re

from bs4 import BeautifulSoup

from news.extract.base import Unreadable
from news.extract.markup import refuse_flood, without_scripts

MAX_CHARACTERS = 2 * 2**20  # of the page without its scripts
MAX_TAGS = 10_000  # each costs about 50 µs here
_INSTRUCTION = re.compile(r"<\?[^>]*>?")  # to browsers a comment, like an XHTML page's declaration


def soup_of(text: str) -> BeautifulSoup:
    """The page without scripts, comments and processing instructions: of these Beautiful Soup warns.

    Raises Unreadable("unavailable", "too_large") beyond MAX_CHARACTERS and MAX_TAGS.
    """
    text = _INSTRUCTION.sub(" ", without_scripts(text)[0])  # a space: nothing may close up to a new instruction
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("unavailable", "too_large")
    refuse_flood(text, MAX_TAGS)
    return BeautifulSoup(text, "lxml")
