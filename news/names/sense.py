"""Leaves out spellings that only happen to stand there: inside an address, or across the words of a Chinese sentence.

算能 stands in 计算能力, 可灵 in 可灵活, 北大 in 河北大学. The words are those of the segmenter's dictionary, without
its guesses: a name that it does not know falls apart into single characters, and its ends are word ends.
Known failure: a longer word that begins with the name (三星级 for 三星) is let through unless the spelling is
ambiguous, as 英特尔公司 and 北大中文系 are words of the dictionary too.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate

from news.names.lexicon import Hit
from news.text import HAN, simplified

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]+@[\w.-]+"
    r"|(?<![\w-])(?:[\w-]{1,63}\.){1,10}(?:com|cn|net|org|io|ai|dev|edu)/[!-~]*"
    r"|(?<![\w-])(?:[\w-]{1,63}\.){2,10}(?:com|cn|net|org|io|ai|dev|edu)\b",
    re.ASCII | re.IGNORECASE,
)
_HAN = re.compile(f"[{HAN}]")
AROUND = 12  # characters on either side that the words are told from
MANY = 1_000  # hits; an article has a few dozen, and each costs as much as a thousand characters of a whole text


def within(plain: str, hits: Iterable[Hit]) -> list[Hit]:
    """The hits that stand as words of the text."""
    addresses = [match.span() for match in _ADDRESS.finditer(plain)]
    words = _Words(plain)
    return [hit for hit in hits if not _in_address(hit, addresses) and not words.cut(hit)]


def _in_address(hit: Hit, addresses: list[tuple[int, int]]) -> bool:
    at = bisect_right(addresses, (hit.start, sys.maxsize)) - 1  # they stand in order and do not overlap
    return at >= 0 and hit.start < addresses[at][1]


class _Words:
    """Where the words of a text end. Told from around each hit; of many hits, from the whole text at once."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._asked = 0

    def cut(self, hit: Hit) -> bool:
        """Whether the hit goes across words."""
        if not (_HAN.match(self._plain[hit.start]) and _HAN.match(self._plain[hit.end - 1])):
            return False
        self._asked += 1
        ends = self._all if self._asked > MANY else _ends(self._plain, max(0, hit.start - AROUND), hit.end + AROUND)
        return hit.start not in ends or (hit.spelling.is_ambiguous and hit.end not in ends)

    @cached_property
    def _all(self) -> set[int]:
        return _ends(self._plain, 0, len(self._plain))


def _ends(plain: str, begin: int, end: int) -> set[int]:
    from rjieba import cut

    return {begin, *(begin + at for at in accumulate(map(len, cut(simplified(plain[begin:end]), False))))}
