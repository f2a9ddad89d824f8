"""Whether a feed's entry carries the whole text or an excerpt.

When in doubt it is an excerpt: that costs one visit to the site, while half an article misleads a reader. Known
exceptions: a post of fewer than 200 characters is asked for again although the feed had it all; an excerpt of three
paragraphs that says nothing of being one is taken for whole, and its source wants the option "titles only".
"""

import re
from statistics import median

from news.extract.base import Unreadable
from news.extract.markup import words

SHORT = 200  # characters of text
BLOCKS = 3  # paragraphs, pictures and the like; an excerpt is mostly one run of text
_BLOCK = re.compile(r"<(?:p|div|section|li|h[1-6]|br|pre|blockquote|figure|tr)\b", re.IGNORECASE)
_MORE = re.compile(
    r"(?:…|\.{3}|\[…\]|\[\.{3}\]|阅读全文|阅读原文|查看全文|继续阅读|点击阅读|read more|continue reading|\[&#8230;\])"
    r"[\s\])》>»→”\"]*$",
    re.IGNORECASE,
)


MAX_HTML = 100_000  # characters; of longer markup its beginning and its end are judged


def is_whole(html: str) -> bool:
    """Long enough, in paragraphs, and not ending in an invitation to read on."""
    html = html if len(html) <= MAX_HTML else f"{html[: MAX_HTML // 2]} {html[-MAX_HTML // 2 :]}"
    text = plain(html)
    return len(text) >= SHORT and not _MORE.search(text[-60:]) and len(_BLOCK.findall(html)) >= BLOCKS


def is_cut_evenly(texts: list[str]) -> bool:
    """Whether a generator cut every entry at the same length, as bridges do that give the first hundred characters."""
    lengths = [len(plain(text[:MAX_HTML])) for text in texts[:50] if text]
    if len(lengths) < 4:
        return False
    middle = median(lengths)
    return sum(abs(length - middle) <= max(3, middle * 0.05) for length in lengths) >= 0.8 * len(lengths)


def plain(html: str) -> str:
    """The text of a piece of markup; nothing where it is made to hold us up."""
    try:
        return words(html)
    except Unreadable:
        return ""
