"""Reading Chinese text: normal form, sentences, character shingles and search terms."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# Zero-width and direction marks, soft hyphen, controls, tag characters, lone surrogates: nothing a reader sees.
INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it stands: `whole[start:end] == text`."""

    text: str
    start: int
    end: int


def visible(text: str) -> str:
    """The text without invisible characters; white space and width stay as they are."""
    return INVISIBLE.sub("", text)


def folded(text: str) -> str:
    """Invisible characters out, every run of white space one blank; width stays. For titles and names to show."""
    return _SPACE.sub(" ", INVISIBLE.sub("", text)).strip()


def normalise(text: str) -> str:
    """NFKC, invisible characters out, every run of white space one blank. For comparing and searching.

    Of more than MOST_MARKS combining marks on one character the first are kept. What more than doubles ends at twice
    its length, and 100 characters: a text of nothing but signs such as ㌖, which is six letters.
    """
    text = _marks().sub(r"\1", text.translate(_LONG_LIGATURES))
    plain = unicodedata.normalize("NFKC", text)[: 2 * len(text) + 100]
    return _SPACE.sub(" ", INVISIBLE.sub("", plain)).strip()


MOST_MARKS = 30  # as in Unicode's Stream-Safe Text Format (UAX 15); no language has more than a few


@cache
def _marks() -> re.Pattern[str]:
    """A run of more combining marks than any letter has: to order the marks of a run costs its square."""
    marks = [chr(code) for code in range(0x300, 0x1F000) if _is_mark(chr(code))]
    each = "".join(map(re.escape, marks))
    return re.compile(f"(?<![{each}])([{each}]{{{MOST_MARKS}}})[{each}]+")


def _is_mark(character: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) != 0


# NFKC makes 18 and 8 characters of these two Arabic formulas, of any other character 6 at most.
_LONG_LIGATURES = {0xFDFA: "صلعم", 0xFDFB: "جل"}


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, one for one: every character keeps its place. For comparing only."""
    return text.translate(_simple_forms())


@cache
def _simple_forms() -> dict[int, str]:
    """OpenCC's table of single characters; it knows words too, but those change lengths."""
    from opencc import OpenCC

    every = [chr(code) for code in range(0x3400, 0xA000)]
    simple = OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {ord(one): other for one, other in zip(every, simple, strict=True) if one != other}


# Places where a full stop ends nothing: links, numbers, and the name of a work in its marks (《你好！》).
_WHOLE = r"https?://[!-~]*[A-Za-z0-9/#=&_%+-]|《[^《》\n]{1,60}》|\d+(?:[.,:]\d+)+"
_CLOSERS = "”’」』）)】》〉\\]"
_END = re.compile(
    rf"(?P<whole>{_WHOLE})|(?P<line>[\r\n\u0085\u2028\u2029]+)"
    rf"|(?P<stop>[。！？；…｡]+[。！？!?；…｡]*[{_CLOSERS}\"']*"
    rf"|[!?]+(?![A-Za-z0-9=&/_])[。！？!?…]*[{_CLOSERS}\"']*"
    rf"|(?<=[a-z0-9)\]]{{2}})\.[{_CLOSERS}\"']*(?=\s+[A-Z“\"{HAN}]))"
)
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Inc|Ltd|Co|Corp|vs|etc|al|Fig|Eq|No|St|Jr)\.$")
_GOES_ON = re.compile(r"[，、,：:；;]| +[a-z]")


def sentences(text: str) -> list[Sentence]:
    """Cut a text at 。！？!?；… and at line ends; offsets count in the text as given.

    A closing quote or bracket stays with its sentence, and a quotation that a comma follows does not end one.
    Links, numbers (3.5) and titles in 《》 are never cut.
    """
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(text):
        if match["whole"]:
            continue
        end = match.start() if match["line"] else _stop_end(text, start, match)
        if match["stop"] and not _ends_here(text, start, end):
            continue
        _add(found, text, start, end)
        start = match.end() if match["line"] else end
    _add(found, text, start, len(text))
    return found


def _stop_end(text: str, start: int, match: re.Match[str]) -> int:
    """Where the sentence ends: a straight quote behind the stop belongs to it only when it closes one."""
    end = match.end()
    while end > match.start() and text[end - 1] in "\"'" and text.count(text[end - 1], start, end) % 2:
        end -= 1
    return end


def _ends_here(text: str, start: int, end: int) -> bool:
    if _GOES_ON.match(text, end):
        return False
    return not (text[end - 1] == "." and _ABBREVIATION.search(text, max(start, end - 6), end))


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    if any(character.isalnum() for character in piece):
        found.append(Sentence(piece, start, start + len(piece)))


_NOT_WORD = re.compile(r"[\W_]+")


def shingles(text: str, size: int = 5) -> frozenset[str]:
    """All runs of `size` letters, digits and Han characters, lower-cased; a shorter text is one shingle."""
    letters = _NOT_WORD.sub("", normalise(text).casefold())
    if len(letters) <= size:
        return frozenset([letters] if letters else [])
    return frozenset(letters[i : i + size] for i in range(len(letters) - size + 1))


_HAN_RUN = f"[{HAN}]+"
_TERM = re.compile(rf"{_HAN_RUN}|[^\W_{HAN}]+(?:[.,]\d+)*(?:\+\+|#)?")


def search_terms(text: str) -> list[str]:
    """Terms in order, with repeats: each Han run as its bigrams (a run of one as it is), Latin words and
    numbers whole (`3.5`, `c++`) and lower-cased, compounds in their parts (`GPT-4o` is gpt, 4o).

    Index and query use the same terms. A query of one Han character is a prefix of bigrams: match it as one.
    """
    terms: list[str] = []
    for run in _TERM.findall(normalise(text).casefold()):
        terms.extend(_bigrams(run) if re.match(_HAN_RUN, run) else [run])
    return terms


def _bigrams(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
