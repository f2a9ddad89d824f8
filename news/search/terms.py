"""What a text is found by: Han bigrams and the parts of Latin names in their order, and whole words over them. Pure.

Bigrams are the safety net: any word of two characters is found in any sentence, whatever a segmenter thinks of it.
The words above them (marked with "=", so that 中国 as a word and as a chance neighbour are two things) only rank.
Traditional and simplified, wide and narrow, upper and lower case are the same.

A Latin name stands as its parts, so YOLOv5, "yolo v5" and YOLO-v5 are one: yolo, v5; and as a whole: =yolov5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from news.text import HAN, normalise, simplified

TERM_LENGTH = 64  # PostgreSQL refuses lexemes over 2 KB; nobody types more than this
WHOLE = "="  # what a whole word's term begins with; no other term holds it

_RUN = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+(?:[.,]\d+)*(?:\+\+|#)?")
# Hailo-15, RT-Thread, GPT-4.5. Tried at the beginning of a word only, for each try goes through the whole word.
_JOINED = re.compile(rf"(?<![^\W_{HAN}])[^\W_{HAN}]++(?:[-_./][^\W_{HAN}]++)+")
_PART = re.compile(r"v\d[\d.]*[^\W\d_]*|\d[\d.,]*[^\W\d_]*|[^\W\d_]+?(?=v\d)|[^\W\d_]+|.")
_HAN = re.compile(f"[{HAN}]+")


@dataclass(frozen=True)
class Terms:
    """The terms of a text: `run` in their order, each with its place; `words` whole, each at its first place."""

    run: list[tuple[str, int]]
    words: list[tuple[str, int]]
    length: int  # how many places there are


def folded(text: str) -> str:
    """The text as terms see it: width, case, invisible characters and the two scripts made one."""
    return simplified(normalise(text).casefold())


def terms(text: str) -> Terms:
    """Every term of the text. Raises nothing for any text."""
    plain = folded(text)
    run: list[tuple[str, int]] = []
    words: list[tuple[str, int]] = []
    places: dict[int, int] = {}  # where in the text, at which place
    place = 0
    for found in _RUN.finditer(plain):
        places[found.start()] = place
        pieces = bigrams(found[0]) if found["han"] else parts(found[0])
        run += [(piece[:TERM_LENGTH], place + step) for step, piece in enumerate(pieces)]
        words += _han_words(found[0], place) if found["han"] else [(_whole(found[0]), place)]
        place += len(pieces)
    words += [(_whole(re.sub(r"[-_./]", "", name)), places.get(start, 0)) for name, start in _compounds(plain)]
    return Terms(run, words, place)


def bigrams(run: str) -> list[str]:
    """A Han run's pairs of neighbours; a run of one as it is."""
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


def parts(name: str) -> list[str]:
    """A Latin word's parts, cut where letters and digits meet: yolov5 is yolo, v5; gpt4o is gpt, 4o; 3.5 is itself."""
    has_both = any(letter.isdigit() for letter in name) and any(letter.isalpha() for letter in name)
    return _PART.findall(name) if has_both else [name]


def is_han(text: str) -> bool:
    return bool(_HAN.fullmatch(text))


def _han_words(run: str, place: int) -> list[tuple[str, int]]:
    import rjieba

    found: list[tuple[str, int]] = []
    at = 0
    for word in rjieba.cut(run):
        found += [(_whole(part), place + at) for part in rjieba.cut_for_search(word) if len(part) > 1]
        at += len(word)
    return found


def _compounds(plain: str) -> Iterator[tuple[str, int]]:
    return ((found[0], found.start()) for found in _JOINED.finditer(plain) if len(found[0]) <= TERM_LENGTH)


def _whole(word: str) -> str:
    return WHOLE + word[: TERM_LENGTH - 1]
