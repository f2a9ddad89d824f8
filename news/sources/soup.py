"""HTML for selectors, parsed once for all kinds that select."""

import re

from bs4 import BeautifulSoup

from news.extract.markup import refuse_flood, without_scripts

_DECLARATION = re.compile(r"<\?xml\b[^>]*>", re.IGNORECASE)


def soup_of(text: str) -> BeautifulSoup:
    """The page without scripts and comments, an XHTML page's declaration too. Raises Unreadable for a flood of tags."""
    text = _DECLARATION.sub("", without_scripts(text)[0])
    refuse_flood(text)
    return BeautifulSoup(text, "lxml")
