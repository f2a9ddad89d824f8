"""The lines of a past issue: what is a heading, what is code, where the issue ends. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from digest.briefings.past_issues_heading import ADDRESS, SOURCE_LINE, Heading, read_heading

FENCE = re.compile(r"^\s{0,3}(```|~~~)")
# Markdown asks for a blank behind the marks; writers leave it out before a number or a link.
HEADING = re.compile(r"^ {0,3}#{1,6}(?:\s+\S|(?=\d{1,3}\s*[.．、]|\[|【))")
# Each part ends where the next picture begins, so that half a picture, repeated, costs one pass.
PICTURE = re.compile(r"!\[(?:(?!!\[)[^\]])*+\]\((?:(?!!\[)[^)])*+\)|<img\b(?:(?!<img\b)[^>])*+>", re.IGNORECASE)
RULE = re.compile(r"^\s*([-*_=—–])(\s*\1){2,}\s*$")
# A line of its own that says: here it ends. What follows is the site's.
END = re.compile(r"^\s*[-—–=*_\s]*(end|完|全文完)[-—–=*_\s]*$", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"^\s*(\d{1,2})\s*[.．、]\s*(\S.*)$")
LINKED_LINE = re.compile(r"^\s*(?:[-*+]\s+)?\[[^\]]+\]\([^)]+\)")
QUOTE = re.compile(r"^[>\s]+")
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    is_heading: bool = False
    is_code: bool = False

    @property
    def is_prose(self) -> bool:
        """Something to read that is neither a heading, a picture, a link by itself nor a rule."""
        if self.is_code:
            return True
        rest = QUOTE.sub("", PICTURE.sub("", self.text)).strip()
        return bool(rest) and not (self.is_heading or RULE.match(rest) or LINKED_LINE.match(rest))


def read_lines(text: str) -> list[Line]:
    """The lines with their numbers; a `#` inside a code fence is no heading."""
    found: list[Line] = []
    fence = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        mark = FENCE.match(line)
        if mark and fence in ("", mark[1]):
            found.append(Line(number, line, is_code=True))
            fence = "" if fence else mark[1]
            continue
        found.append(Line(number, line, not fence and bool(HEADING.match(line)), bool(fence)))
    return found


def without_tail(lines: list[Line]) -> list[Line]:
    """Up to the line that says that the issue ends."""
    for place, line in enumerate(lines):
        if not line.is_code and END.match(line.text) and not RULE.match(line.text) and place > 3:
            return lines[:place]
    return lines


def plain_items(lines: list[Line]) -> list[tuple[int, Heading]]:
    """Numbered lines with a source right below, in a file without headings; their numbers go up one by one.

    An item's own list is numbered too, but has no source below its first point.
    """
    found: list[tuple[int, Heading]] = []
    marks = "#" * _rank(lines)
    for place, line in enumerate(lines):
        short = not line.is_code and len(line.text) <= 4 * LONGEST_TITLE
        match = PLAIN_NUMBER.match(unicodedata.normalize("NFKC", line.text)) if short else None
        if match and len(match[2]) <= LONGEST_TITLE and _has_source(lines[place + 1 : place + 4]):
            found.append((place, read_heading(f"{marks} {line.text.strip()}")))
    return found


def _rank(lines: list[Line]) -> int:
    """One below the headings that the file has: those are its sections."""
    ranks = [len(line.text) - len(line.text.lstrip("# ")) for line in lines if line.is_heading]
    return min(max(ranks, default=0), 5) + 1


def _has_source(below: list[Line]) -> bool:
    texts = [QUOTE.sub("", line.text).strip() for line in below if line.text.strip()][:2]
    if not texts:
        return False
    return bool(ADDRESS.fullmatch(texts[0])) or bool(
        SOURCE_LINE.match(texts[0]) and any(ADDRESS.search(text) for text in texts)
    )
