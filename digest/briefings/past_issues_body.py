"""An item's body and the link-only lists of a past issue. Pure."""

from __future__ import annotations

import re

from digest.briefings.past_issues_heading import (
    ADDRESS,
    LINK,
    SOURCE_LINE,
    Heading,
    address,
    clean_title,
    is_list_name,
    link_in,
)
from digest.briefings.past_issues_lines import PICTURE, QUOTE, RULE, Line
from digest.briefings.past_issues_nouns import Extra, PastItem

LONGEST = 2_000
BULLET = re.compile(r"^\s*[-*+]\s+")
TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
# A paper of a list: 《its title》, or its title behind a name: 论文名称：…
PAPER = re.compile(
    r"^\s*[-*+]\s+(?:论文(?:名称|题目)?\s*[:：]\s*)?(《.+?》)\s*$|^\s*[-*+]\s+论文(?:名称|题目)?\s*[:：]\s*(.+)$"
)


def read_body(
    heading: Heading, lines: list[Line], section: str, number: int, is_last: bool
) -> tuple[PastItem, list[Extra]]:
    """The item under a heading, and the list of links that stands behind it without a heading of its own."""
    lines, tail, name = _without_list(lines, is_last)
    extras, _left = extras_of(tail, name)
    source, lines = _source(lines)
    url = heading.url or source or _first_link(lines)
    item = PastItem(heading.title, url[:LONGEST], heading.account, _markdown(lines), heading.number, section, number)
    return item, extras


def _without_list(lines: list[Line], is_last: bool) -> tuple[list[Line], list[Line], str]:
    """The body, and the list of links that ends it: announced by a line, or behind the last item's rule."""
    announced = [place for place, line in enumerate(lines) if not line.is_code and is_list_name(line.text)]
    is_list = _only_links_from(lines) if announced else []
    for place in announced:
        if is_list[place + 1]:
            line = lines[place]
            return lines[:place], lines[place + 1 :], clean_title(line.text.strip("*#：: "))
    rules = [place for place, line in enumerate(lines) if not line.is_code and RULE.match(line.text)]
    if is_last and rules and _only_links_from(lines)[rules[-1] + 1]:
        return lines[: rules[-1]], lines[rules[-1] + 1 :], ""
    return lines, [], ""


def _only_links_from(lines: list[Line]) -> list[bool]:
    """For each place, one behind the last too: whether what stands from it on has a link in every other line."""
    found = [False]
    linked = texts = 0
    for line in reversed(lines):
        if line.text.strip():
            texts += 1
            linked += bool(LINK.match(BULLET.sub("", line.text).strip()))
        found.append(linked >= 1 and linked * 2 >= texts)
    return found[::-1]


def _source(lines: list[Line]) -> tuple[str, list[Line]]:
    """The address that a line names as the original's, on it or below it, and the body without that line.

    Below plain headings the line may be a bare address, the first of the body.
    """
    is_said = False  # whether anything to read stands above
    for place, line in enumerate(lines):
        text = QUOTE.sub("", line.text).strip().lstrip("*")
        is_first_address = not is_said and bool(ADDRESS.fullmatch(line.text.strip()))
        is_said = is_said or line.is_prose
        if line.is_code or not (SOURCE_LINE.match(text) or is_first_address):
            continue
        for below in range(place, min(place + 4, len(lines))):
            if below > place and lines[below].text.strip(" >") and not ADDRESS.search(lines[below].text):
                break
            if match := ADDRESS.search(lines[below].text):
                return address(match[0].rstrip(").,*_")), [*lines[:place], *lines[below + 1 :]]
    return "", lines


def _first_link(lines: list[Line]) -> str:
    for line in lines:
        if line.is_code:
            continue
        text = PICTURE.sub("", line.text)
        title, url, _account = link_in(text)
        bare = ADDRESS.search(text)
        if title and url:
            return url
        if bare:
            return address(bare[0].rstrip(").,*_"))
    return ""


def _markdown(lines: list[Line]) -> str:
    """The body as it is kept: without pictures, which lie elsewhere, other markup, and rules."""
    kept: list[str] = []
    for line in lines:
        if line.is_code:
            kept.append(line.text)
            continue
        text = TAG.sub("", PICTURE.sub("", line.text)).rstrip()
        if RULE.match(text) or (text.strip() == "" and line.text.strip()):
            continue
        kept.append(text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def extras_of(lines: list[Line], section: str) -> tuple[list[Extra], list[Line]]:
    """The links and papers of a list, and the lines that are neither."""
    found: list[Extra] = []
    left: list[Line] = []
    for line in lines:
        extra = None if line.is_code else _extra(line, section)
        if extra:
            found.append(extra)
        elif found and not found[-1].url and (match := ADDRESS.search(line.text)):
            last = found[-1]
            found[-1] = Extra(last.title, address(match[0]), last.account, last.section, last.line)
        elif line.is_prose:
            left.append(line)
    return found, left


def _extra(line: Line, section: str) -> Extra | None:
    text = re.sub(r"^[\s>|]*", "", BULLET.sub("", line.text)).strip()
    match = LINK.match(text)
    if match and address(match[2]):
        title, url, account = link_in(text)
        return Extra(title, url, account, section, line.number)
    if match := PAPER.match(line.text):
        return Extra(clean_title(match[1] or match[2]).strip("《》"), "", "", section, line.number)
    return None
