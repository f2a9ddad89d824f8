"""Whether a page's text changed, and where: by what it says, not by its bytes. Pure; capped, for pages are hostile.

WeChat's pages differ in their bytes at every visit, and any page may get another comma. What counts is the title and
the story without its footer (`reading`): every number in it, and else more than a trifle of its letters. The order of
sentences does not count. Known exception: in a long text a single 不 put in or taken out is a trifle to this measure.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from news.extract import Page, story_text
from news.text import normalise, sentences

TRIFLE_SHARE, TRIFLE_LETTERS = 0.01, 12  # of all letters, and never more than so many, in pairs of letters
# Characters and sentences that are compared, and the page says so of a longer one; difflib is quadratic at best. The
# longest article of the corpus has 32,584 characters.
LONGEST, MOST = 60_000, 2_000
LONGEST_SENTENCE = 150  # characters; a longer one is shown as changed as a whole
AROUND = 2  # sentences shown on both sides of a change

_NOT_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*|[零〇一二两三四五六七八九十百千万亿]+")
_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.,:]\d+)*|\s+|.", re.DOTALL)

Kind = Literal["same", "deleted", "added", "gap"]


@dataclass(frozen=True)
class Line:
    """A sentence of the comparison; `pieces` says which parts of it changed. A gap stands for `count` equal ones."""

    kind: Kind
    pieces: tuple[tuple[str, bool], ...] = ()
    count: int = 0

    @property
    def text(self) -> str:
        return "".join(text for text, _changed in self.pieces)


@dataclass(frozen=True)
class Comparison:
    lines: list[Line]
    is_cut: bool  # the pages were too long to be compared whole

    @property
    def is_equal(self) -> bool:
        return all(line.kind in ("same", "gap") for line in self.lines)


def reading(page: Page) -> str:
    """What a reader reads of a page: its title, then its story."""
    title = page.title or page.text.split("\n")[0][:100]
    return f"{title[:500]}\n{story_text(page)}"


def text_hash(text: str) -> str:
    """The fingerprint of a text: white space, width and invisible characters do not count."""
    return hashlib.sha256(normalise(text).encode("utf-8", "replace")).hexdigest()


def differs(before: str, after: str) -> bool:
    """Whether the change is worth an editor's look: any number, or more than a trifle of the letters."""
    before, after = normalise(before), normalise(after)
    if before == after:
        return False
    if Counter(_NUMBER.findall(before)) != Counter(_NUMBER.findall(after)):
        return True
    old, new = _pairs(before), _pairs(after)
    changed = max((old - new).total(), (new - old).total())
    return changed > min(TRIFLE_LETTERS, TRIFLE_SHARE * max(old.total(), new.total()))


def _pairs(text: str) -> Counter[str]:
    letters = _NOT_WORD.sub("", text).casefold()
    return Counter(letters[at : at + 2] for at in range(len(letters) - 1))


def compare(before: str, after: str) -> Comparison:
    """The two texts sentence by sentence, long equal stretches folded into a gap."""
    old, new = _cut(before), _cut(after)
    is_cut = max(len(before), len(after)) > LONGEST or max(len(old), len(new)) > MOST
    return Comparison(list(_fold(list(_lines(old[:MOST], new[:MOST])))), is_cut)


def _cut(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text[:LONGEST])[: MOST + 1]]


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    # autojunk stays on: it is what keeps a page of one sentence, repeated, from costing the cube of its length.
    keys = [normalise(sentence) for sentence in old], [normalise(sentence) for sentence in new]
    for tag, start, end, begin, finish in SequenceMatcher(None, *keys).get_opcodes():
        if tag == "equal":
            yield from (Line("same", ((sentence, False),)) for sentence in new[begin:finish])
        else:
            yield from _replaced(old[start:end], new[begin:finish])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """What went, then what came; sentences that face each other show which of their words changed."""
    pairs = [_words(gone or "", come or "") for gone, come in zip_longest(old, new)]
    yield from (Line("deleted", before) for before, _after in pairs[: len(old)])
    yield from (Line("added", after) for _before, after in pairs[: len(new)])


def _words(old: str, new: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    if not old or not new or max(len(old), len(new)) > LONGEST_SENTENCE:
        return ((old, True),), ((new, True),)
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    codes = SequenceMatcher(None, a, b).get_opcodes()
    before = tuple(("".join(a[i:j]), tag != "equal") for tag, i, j, _k, _l in codes if i < j)
    after = tuple(("".join(b[k:m]), tag != "equal") for tag, _i, _j, k, m in codes if k < m)
    return before, after


def _fold(lines: list[Line]) -> Iterator[Line]:
    changed = [at for at, line in enumerate(lines) if line.kind != "same"]
    shown = {near for at in changed for near in range(at - AROUND, at + AROUND + 1)}
    folded = 0
    for at, line in enumerate(lines):
        if at not in shown:
            folded += 1
            continue
        if folded:
            yield Line("gap", count=folded)
        folded = 0
        yield line
    if folded:
        yield Line("gap", count=folded)
