"""Emphasis beside Han characters, which CommonMark reads by blanks that Chinese does not set.

By its rule `**结论：**可行` and `他说**“可以”**了` stay asterisks, since a mark between punctuation and a letter can
neither open nor close. Next to a wide character, a blank is the only thing that still keeps it from doing so.
Exception kept: `_` goes by CommonMark, because it stands in file names.
"""

from unicodedata import east_asian_width

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter


def beside_han(parser: MarkdownIt) -> None:
    """Plug for `MarkdownIt.use`."""
    parser.inline.ruler.before("emphasis", "emphasis_beside_han", _tokenise)


def _tokenise(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "*":
        return False
    length = state.scanDelims(state.pos, True).length
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[state.pos + length] if state.pos + length < state.posMax else " "
    if not (_is_wide(before) or _is_wide(after)):
        return False
    for _ in range(length):
        state.push("text", "", 0).content = "*"
        place = len(state.tokens) - 1
        opens, closes = not after.isspace(), not before.isspace()
        state.delimiters.append(Delimiter(ord("*"), length, place, -1, opens, closes))
    state.pos += length
    return True


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"
