"""Leaves out spellings that only happen to stand there: inside an address, or across the words of a Chinese sentence.

算能 stands in 计算能力, 可灵 in 可灵活, 北大 in 河北大学. The words are those of the segmenter's dictionary, without
its guesses: a name that it does not know falls apart into single characters, and its ends are word ends.
Known failure: a longer word that begins with the name (三星级 for 三星) is let through unless the spelling is
ambiguous, as 英特尔公司 and 北大中文系 are words of the dictionary too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

from news.names.lexicon import Hit
from news.text import HAN, simplified

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w.-]+|(?:[\w-]+\.)+(?:com|cn|net|org|io|ai|dev|edu)/[!-~]*"
    r"|(?:[\w-]+\.){2,}(?:com|cn|net|org|io|ai|dev|edu)\b",
    re.ASCII | re.IGNORECASE,
)
_HAN = re.compile(f"[{HAN}]")
AROUND = 12  # characters on either side that the words are told from


def within(plain: str, hits: Iterable[Hit]) -> list[Hit]:
    """The hits that stand as words of the text."""
    addresses = [match.span() for match in _ADDRESS.finditer(plain)]
    return [hit for hit in hits if not _in_address(hit, addresses) and not _across_words(plain, hit)]


def _in_address(hit: Hit, addresses: list[tuple[int, int]]) -> bool:
    return any(start <= hit.start < end for start, end in addresses)


def _across_words(plain: str, hit: Hit) -> bool:
    if not (_HAN.match(plain[hit.start]) and _HAN.match(plain[hit.end - 1])):
        return False
    from rjieba import cut

    begin = max(0, hit.start - AROUND)
    around = simplified(plain[begin : hit.end + AROUND])
    ends = {begin, *(begin + end for end in accumulate(map(len, cut(around, False))))}
    return hit.start not in ends or (hit.spelling.is_ambiguous and hit.end not in ends)
