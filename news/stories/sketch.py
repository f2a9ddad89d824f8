"""A text as numbers: its letters folded, its shingles hashed, and the few of them by which it is found again. Pure.

Folded: NFKC, traditional characters as simplified ones, lower case, nothing but letters, digits and Han. So neither
width nor punctuation nor the script makes another text.

A **sketch** is the smallest hashes of a text's 12-letter shingles (bottom-k: Broder 1997, "On the resemblance and
containment of documents"). Twelve letters, because five such as 大语言模型 stand in half of all articles. What is kept
of a text is small and grows with its length, what is asked for is wide: so an excerpt of a tenth still meets its
original, and the index stays small. One hash in two hundred is shared by chance at a million articles.
"""

from __future__ import annotations

import re

import numpy as np

from news.text import normalise, simplified

SHINGLE = 5  # letters; for comparing two texts
SKETCH_SHINGLE = 12  # letters; for finding one among a million
KEPT_PART, KEPT_LEAST, KEPT_MOST = 32, 32, 256  # one hash in 32 is kept, within these bounds
ASKED = 384
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+", re.IGNORECASE)
_NOT_LETTER = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The text as it is compared: addresses out too, or two lists of links were alike. Offsets do not carry over."""
    return _NOT_LETTER.sub("", _ADDRESS.sub(" ", simplified(normalise(text))).casefold())


def hashes(folded: str, size: int = SHINGLE) -> np.ndarray:
    """One 64-bit hash for each run of `size` letters, in order; of a shorter text none."""
    if len(folded) < size:
        return np.zeros(0, np.uint64)
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    mixed = np.zeros(len(codes) - size + 1, np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(size):
            mixed = mixed * np.uint64(0x100000001B3) + codes[offset : len(codes) - size + 1 + offset]
        return _scattered(mixed)


def _scattered(numbers: np.ndarray) -> np.ndarray:
    """SplitMix64's last steps (Steele, Lea, Flood 2014): near numbers land far apart."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def asked_keys(text: str) -> list[int]:
    """What is looked up for a text, smallest hash first: up to 384 signed 32-bit numbers, none of one below 12 letters.

    More than is kept of any text, so that only the other's choice decides whether the two meet.
    """
    return _as_keys(_sketch_hashes(text)[:ASKED])


def kept(keys: list[int], length: int, hot: frozenset[int] = frozenset()) -> list[int]:
    """What is stored of a text of `length` letters with these `keys`; `hot` ones, which stand everywhere, are none."""
    telling = [key for key in keys if key not in hot]
    return telling[: min(max(length // KEPT_PART, KEPT_LEAST), KEPT_MOST)]


def _sketch_hashes(text: str) -> np.ndarray:
    return np.unique(hashes(letters(text), SKETCH_SHINGLE))  # sorted


def _as_keys(chosen: np.ndarray) -> list[int]:
    """Of the 64 bits the lower 32: the upper ones are all small here, as that is how they were chosen."""
    return (chosen & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32).tolist()
