"""A page as it arrived becomes a Page: its state, its title, its author, its time and its clean body."""

import re

from news.extract import baidu, entry, generic, wechat
from news.extract.base import KINDS, STATES, Page, Unreadable
from news.extract.charset import decode
from news.extract.clean import sanitise
from news.extract.footer import Story, story, story_text
from news.extract.markup import lean

__all__ = ["KINDS", "STATES", "Page", "Story", "read", "sanitise", "story", "story_text"]

# Site by site, the first that recognises the page reads it; a new site is one file and one name here.
_SITES = (wechat, baidu, generic)


def read(body: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Read a page of any site. The site is told by content; `url` only helps, and resolves relative links.

    Never raises on any bytes: what cannot be read is a Page whose state and reason say so, with no body.
    """
    site = "generic"
    try:
        if content_type == entry.CONTENT_TYPE:  # ours, never a server's: a snapshot that a feed's own text became
            return entry.read(body)
        text = decode(lean(body), content_type)
        extractor = next(extractor for extractor in _SITES if extractor.recognises(text, _host(url)))
        site = extractor.SITE
        return extractor.read(text, url)
    except Unreadable as told:
        return Page(state=told.state, site=site, reason=told.reason, moved_to=told.moved_to)


def _host(url: str) -> str:
    match = re.match(r"(?i)https?://([^/?#:@]+)(?=[/?#:]|$)", url)
    return match[1].lower() if match else ""
