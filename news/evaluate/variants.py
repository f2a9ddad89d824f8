"""Makes copies of a text by program, as reprints come: cut, re-titled, framed, reworded, reordered, respelled.

Every kind is a function of a text and a dice, so the same seed makes the same copies. The words that are put in are our
own; a kind's name stands in the table of `evaluate duplicates`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from news.evaluate.rewording import FOOTERS, HEADERS, TITLES, noisy, reworded, traditional, wide
from news.text import sentences

Change = Callable[[str, random.Random], str]


@dataclass(frozen=True)
class Variant:
    """A copy made by program, and how."""

    kind: str
    title: str
    text: str


def variants(title: str, text: str, seed: int) -> list[Variant]:
    """One copy of every kind; those that leave the text as it is are left out."""
    made = []
    for kind, changes in KINDS.items():
        dice = random.Random(f"{seed} {kind}")  # noqa: S311 - the same copies every time
        own_title = retitled(title, dice) if kind in RETITLED or "+" in kind else title
        changed = text
        for change in changes:
            changed = change(changed, dice)
        if (own_title, changed) != (title, text):
            made.append(Variant(kind, own_title, changed))
    return made


def retitled(title: str, dice: random.Random) -> str:
    """Another headline: a frame of ours around what a careless editor leaves of the old one, often nothing."""
    kept = title[: dice.choice((0, 0, 6, 10))]
    return dice.choice(TITLES).format(kept)


def _pieces(text: str) -> list[str]:
    """The sentences with what stands between them, so that joining gives the text back."""
    starts = [sentence.start for sentence in sentences(text)]
    ends = [*starts[1:], len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def cut(part: float) -> Change:
    """Drop that part of the sentences, wherever they stand; one stays at least."""

    def change(text: str, dice: random.Random) -> str:
        pieces = _pieces(text)
        gone = set(dice.sample(range(len(pieces)), min(int(len(pieces) * part), len(pieces) - 1)))
        return "".join(piece for at, piece in enumerate(pieces) if at not in gone)

    return change


def head(text: str, dice: random.Random) -> str:
    """The first part, as a preview shows it."""
    return text[: int(len(text) * dice.uniform(0.3, 0.6))]


def tail(text: str, dice: random.Random) -> str:
    return text[int(len(text) * dice.uniform(0.4, 0.7)) :]


def framed(text: str, dice: random.Random) -> str:
    """A reprinter's own words before and after."""
    return f"{dice.choice(HEADERS)}\n{text}\n{dice.choice(FOOTERS)}"


def reword(part: float) -> Change:
    def change(text: str, dice: random.Random) -> str:
        return "".join(reworded(piece, dice) if dice.random() < part else piece for piece in _pieces(text))

    return change


def reorder(part: float) -> Change:
    """Take that part of the sentences out and put them back elsewhere."""

    def change(text: str, dice: random.Random) -> str:
        pieces = _pieces(text)
        for _ in range(max(1, int(len(pieces) * part))):
            piece = pieces.pop(dice.randrange(len(pieces)))
            pieces.insert(dice.randrange(len(pieces) + 1), piece)
        return "".join(pieces)

    return change


def into_traditional(text: str, dice: random.Random) -> str:
    return traditional(text)


KINDS: dict[str, tuple[Change, ...]] = {
    "cut_30": (cut(0.3),),
    "cut_60": (cut(0.6),),
    "head": (head,),
    "tail": (tail,),
    "retitled": (),
    "framed": (framed,),
    "reworded_05": (reword(0.05),),
    "reworded_15": (reword(0.15),),
    "reworded_30": (reword(0.3),),
    "reordered_30": (reorder(0.3),),
    "traditional": (into_traditional,),
    "width": (wide,),
    "noise_2": (noisy,),
    "cut_30+framed": (cut(0.3), framed),
    "cut_60+framed": (cut(0.6), framed),
    "head+framed": (head, framed),
    "tail+framed": (tail, framed),
    "reworded_30+reordered_30": (reword(0.3), reorder(0.3)),
    "reworded_30+cut_30": (reword(0.3), cut(0.3)),
    "reworded_30+framed": (reword(0.3), framed),
    "cut_30+traditional+width": (cut(0.3), into_traditional, wide),
    "cut_60+reworded_30": (cut(0.6), reword(0.3)),
    "cut_30+reworded_30+framed+noise_2": (cut(0.3), reword(0.3), framed, noisy),
    "cut_30+reworded_30+reordered_30+framed+traditional": (
        cut(0.3),
        reword(0.3),
        reorder(0.3),
        framed,
        into_traditional,
    ),
}
RETITLED = {"retitled"}
