"""The texts of a folder of saved pages and past issues: what a corpus of copies is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from news.extract import read, story
from news.stories.sketch import letters

LEAST_LETTERS = 100  # shorter ones are notes, no articles
FOLDERS = ("wechat", "baidu", "briefings")  # of the shared corpus; another folder is taken whole
_HEADING = re.compile(r"^#{1,3} .*(?:\]\(http|`#\d+`).*$", re.MULTILINE)
_MARKUP = (
    (re.compile(r"```.*?```", re.DOTALL), ""),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"<[^>]+>|[*`>#_]"), ""),
    (re.compile(r"\n\s*\n+"), "\n"),
)


@dataclass(frozen=True)
class Source:
    """One text of the folder; `account` is the page's, or the series an issue belongs to."""

    name: str
    title: str
    account: str
    text: str


def texts(folder: Path) -> list[Source]:
    """Saved pages as our extractor reads them; issues in Markdown item by item, or whole where they have no items."""
    inside = [folder / name for name in FOLDERS if (folder / name).is_dir()] or [folder]
    files = sorted(file for place in inside for file in place.rglob("*") if file.suffix in (".html", ".md"))
    found = (source for file in files for source in (_page(file) if file.suffix == ".html" else _issue(file)))
    return [source for source in found if len(letters(source.text)) >= LEAST_LETTERS]


def _page(file: Path) -> Iterator[Source]:
    page = read(file.read_bytes())
    if page.state == "ok":
        yield Source(file.name, page.title, page.account, story(page).text)


def _issue(file: Path) -> Iterator[Source]:
    """A headed item is one whose heading has a link or a number of its own."""
    whole = _MARKUP[0][0].sub("", file.read_text(encoding="utf-8", errors="replace"))
    series = re.split(r"[_\d-]", file.stem)[0]
    headings = list(_HEADING.finditer(whole))
    if len(headings) < 3:
        title = next((_plain(line) for line in whole.splitlines() if line.startswith("#")), file.stem)
        yield Source(file.name, title, series, _plain(whole))
        return
    ends = [heading.start() for heading in headings[1:]] + [len(whole)]
    for number, (heading, end) in enumerate(zip(headings, ends, strict=True), start=1):
        yield Source(f"{file.name}#{number}", _plain(heading[0]), series, _plain(whole[heading.end() : end]))


def _plain(text: str) -> str:
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return text.strip()
