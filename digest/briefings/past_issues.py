"""Reads a past issue from a file: Markdown or plain text, with what could not be read named by its line. Pure.

An issue is headings with bodies. A heading with a number or a link begins an item; one without is a section, or, where
headings of its rank are items and prose follows, an item too. Sections named 其他, 素材, 干货 … hold link-only lists.
A numbered line with a source line right below begins an item where a file has no such headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise

from digest.briefings.past_issues_body import extras_of, read_body
from digest.briefings.past_issues_heading import Heading, is_list_name, read_heading
from digest.briefings.past_issues_lines import Line, plain_items, read_lines, without_tail
from digest.briefings.past_issues_nouns import Extra, PastItem, Problem
from news.text import visible

MOST_LINES = 10_000  # the longest issue seen has a tenth of them
NAMED_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")
SAID_DAY = re.compile(r"简报[\s_]*(20\d{6})")
DECLARED = re.compile(r"(?<!\d)(\d{1,2}) ?条")
TABLE_OF_CONTENTS = re.compile(r"^\s*\[TOC\]\s*$", re.IGNORECASE)


@dataclass
class PastIssue:
    """What a file held. `date` is None where neither its name nor its text says one."""

    name: str
    date: date | None = None
    said: str = ""  # the number that the text gives, perhaps another than the date
    lead: str = ""
    items: list[PastItem] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_issue(name: str, text: str) -> PastIssue:
    """The issue in a file of this name; never raises, whatever the text. One of more than MOST_LINES is not read."""
    text = visible(text)
    if len(text.splitlines()) > MOST_LINES:
        return PastIssue(name, problems=[Problem(1, "too_large")])
    lines = without_tail(read_lines(text))
    issue = PastIssue(name)
    parts = list(_parts(lines))
    issue.lead = _lead(lines[: parts[0][0]] if parts else [])
    _take_parts(issue, lines, parts)
    issue.said, issue.date = _dates(name, lines)
    return replace(issue, problems=[*_whole(issue, lines), *issue.problems])


Part = tuple[int, int, Heading, str]  # the lines of its body, its heading, and what it is: item, list or section


def _parts(lines: list[Line]) -> list[Part]:
    headings = [(place, read_heading(line.text)) for place, line in enumerate(lines) if line.is_heading]
    if not any(heading.is_marked for _place, heading in headings):
        headings = sorted([*headings, *plain_items(lines)], key=lambda pair: pair[0])
    rank = _rank_of_items([heading for _place, heading in headings])
    inside = [(place, heading) for place, heading in headings if _cuts(heading, rank)]
    found: list[Part] = []
    for (place, heading), (end, _next) in pairwise([*inside, (len(lines), Heading("", 1))]):
        found.append((place, end, heading, _what(heading, rank, lines[place + 1 : end])))
    return found


def _rank_of_items(headings: list[Heading]) -> int:
    """The rank on which most of the numbered and linked headings stand, the higher one of two; 0 without any."""
    ranks = [heading.rank for heading in headings if heading.is_marked]
    return min(set(ranks), key=lambda rank: (-ranks.count(rank), rank), default=0)


def _cuts(heading: Heading, rank: int) -> bool:
    """Whether it begins something new: a deeper heading stands inside an item's body."""
    return heading.rank <= rank or is_list_name(heading.title)


def _what(heading: Heading, rank: int, below: list[Line]) -> str:
    if is_list_name(heading.title) and not heading.url:
        return "list"
    if heading.is_marked or (heading.rank == rank and any(line.is_prose for line in below)):
        return "item"
    return "section"


def _take_parts(issue: PastIssue, lines: list[Line], parts: list[Part]) -> None:
    section = ""
    for start, end, heading, what in parts:
        below = lines[start + 1 : end]
        if what == "item":
            item, extras = read_body(heading, below, section, lines[start].number, is_last=end == len(lines))
            issue.items.append(item)
            issue.extras += extras
            continue
        section = heading.title
        extras, left = extras_of(below, section)
        issue.extras += extras
        if what == "section" or not extras:
            issue.problems += [Problem(line.number, "stray", section) for line in left[:1]]


def _lead(lines: list[Line]) -> str:
    """What stands before the first item: the editors' own words, out of their quotation marks."""
    kept = [re.sub(r"^>\s?", "", line.text) for line in lines if not TABLE_OF_CONTENTS.match(line.text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(text for text in kept if not text.startswith("#"))).strip()


def _dates(name: str, lines: list[Line]) -> tuple[str, date | None]:
    """The number that the text gives, and the day: the file's name knows it best, then the number, then the head."""
    head = "\n".join(line.text for line in lines[:12])
    said = SAID_DAY.search(head)
    day = _day(NAMED_DAY.findall(name)) or _day(NAMED_DAY.findall(said[1]) if said else [])
    return said[1] if said else "", day or _day(NAMED_DAY.findall(head))


def _day(found: list[tuple[str, str, str]]) -> date | None:
    for year, month, day in found:
        try:
            return datetime.strptime(f"{year}{month}{day}", "%Y%m%d").date()
        except ValueError:
            continue
    return None


def _whole(issue: PastIssue, lines: list[Line]) -> list[Problem]:
    """What is odd about the issue as a whole."""
    problems = [] if issue.date else [Problem(1, "no_date")]
    if not issue.items:
        return [*problems, Problem(1, "no_items")]
    if issue.date and issue.said and issue.said != f"{issue.date:%Y%m%d}":
        problems.append(Problem(1, "other_number", issue.said))
    declared = DECLARED.findall(issue.lead)
    if len(declared) == 1 and int(declared[0]) != len(issue.items):
        problems.append(Problem(1, "other_count", declared[0]))
    return [*problems, *(Problem(item.line, "no_link", item.title) for item in issue.items if not item.url)]
