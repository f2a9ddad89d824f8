"""`names_in`: every name in a text, with its place. Known spellings first, then what shows by its form."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from news.models.name import Alias, Name
from news.names import patterns
from news.names.fold import key_of, plain_width, seen, tokens
from news.names.lexicon import Hit, Lexicon, Spelling
from news.names.sense import within
from news.names.version import version
from news.text import INVISIBLE, simplified

MOST = 10_000  # spellings that are looked at in one text; an article has a few dozen
AROUND = 40  # characters on either side in which a word may bear an ambiguous spelling out
# What follows the name of a family of models and belongs to it: Qwen3-Coder, Kimi K3, Claude Opus 4.8.
_WORDS = (
    "Pro|Max|Mini|Nano|Flash|Lite|Plus|Ultra|Turbo|Opus|Sonnet|Haiku|Coder|Code|VL|Omni|Next|Thinking|Instruct|Math|"
    "Image|Video|Audio|Vision|Preview|Air|Base|Chat|Large|Small|Medium|Sol|Fable"
)
_VERSION = r"(?:[vV]|[A-Z])?\d+(?:\.\d+)*[a-z]{0,2}(?![A-Za-z0-9]|\.\d)"
_TAIL = re.compile(rf"(?:[ -]?(?:{_VERSION}|(?:{_WORDS})(?![a-z])))+")
_SIZE = re.compile(r"[ -]?\d+(?:\.\d+)?[bBmMtT]$")
_BY_KIND = {
    "company": "公司 发布 推出 创始人 股价 财报 总部 收购 融资 官方 旗下 研究院 实验室 科技 集团",
    "chip": "芯片 处理器 算力 架构 内核 制程 SoC MCU NPU GPU 开发板",
    "board": "开发板 板子 板卡 主板 引脚 套件 芯片 摄像头",
    "model": "模型 参数 开源 训练 推理 基准 token 对话 生成 发布 上下文",
    "paper": "论文 作者 arXiv",
    "repository": "开源 代码 框架 GitHub 版本 仓库 安装",
}


@dataclass(frozen=True)
class Found:
    """A name at one place: `text[start:end]`. `name_id` is None where nobody has filed it yet; then `key` says which.

    `family_id`: the known family of an unknown name, as Qwen of Qwen9. `is_proof`: the form is the identity.
    """

    name_id: int | None
    label: str
    kind: str
    start: int
    end: int
    key: str
    family_id: int | None = None
    is_proof: bool = False


def names_in(text: str) -> list[Found]:
    """The names in `text`, by their places, none overlapping another. Reads the database, writes nothing.

    `name_id` is that of a public name; what is only suggested has none, what is forbidden is left out.
    """
    found = find(text, lexicon())
    unknown = {one.key for one in found if one.name_id is None}
    if not unknown:
        return found
    filed = Alias.objects.filter(key__in=unknown, name__state=Name.State.PUBLIC)
    ids = dict(filed.values_list("key", "name_id"))
    return [replace(one, name_id=one.name_id or ids.get(one.key)) for one in found]


def public_ids(text: str) -> list[int]:
    """The public names in `text`, each once, in the order of their first places; families of new versions too."""
    found = names_in(text)
    return list(dict.fromkeys(one for name in found for one in (name.name_id, name.family_id) if one))


def find(text: str, known: Known) -> list[Found]:
    """`names_in` with the spellings given: pure."""
    if INVISIBLE.search(text):
        clean, places = seen(text)
        return [replace(one, start=places[one.start], end=places[one.end - 1] + 1) for one in find(clean, known)]
    plain = plain_width(text)
    taken = _Taken()
    for formed in (*patterns.papers(plain), *patterns.repositories(plain)):
        taken.add(_formed(formed, known))
    hits = within(plain, islice(known.lexicon.hits(plain, tokens(text)), MOST))
    for found in _borne_out(plain, hits, known):
        taken.add(found)
    for formed in (*patterns.titles(plain), *patterns.codes(plain)):
        taken.add(_formed(formed, known))
    return [found for found in taken.sorted() if found.key not in known.forbidden]


@dataclass(frozen=True)
class Known:
    """The spellings of one version of the lexicon, and the keys that an editor does not want."""

    lexicon: Lexicon
    forbidden: frozenset[str]
    version: int


def lexicon() -> Known:
    """The spellings as they stand now: one small query, and more only when an editor changed something."""
    return _load(version())


@lru_cache(maxsize=2)
def _load(number: int) -> Known:
    spelled = Alias.objects.filter(is_pattern=False, name__state=Name.State.PUBLIC).select_related("name")
    forbidden = Alias.objects.filter(name__state=Name.State.FORBIDDEN).values_list("key", flat=True)
    return Known(Lexicon(_spelling(alias) for alias in spelled), frozenset(forbidden), number)


def _spelling(alias: Alias) -> Spelling:
    name = alias.name
    words = name.context.split("\n") if name.context.strip() else _BY_KIND[name.kind].split()
    context = tuple(simplified(word.strip()).casefold() for word in words if word.strip())
    return Spelling(name.pk, name.label, name.kind, alias.text, alias.key, alias.is_ambiguous, alias.is_exact, context)


class _Taken:
    """Places that are spoken for; who comes first stays."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._found: list[Found] = []

    def add(self, found: Found) -> None:
        at = bisect_left(self._starts, found.start)
        before = self._found[at - 1].end if at else 0
        after = self._starts[at] if at < len(self._starts) else found.end
        if before <= found.start and found.end <= after:
            self._starts.insert(at, found.start)
            self._found.insert(at, found)

    def sorted(self) -> list[Found]:
        return self._found


def _borne_out(plain: str, hits: list[Hit], known: Known) -> list[Found]:
    """Hits as finds; an ambiguous one only where a word near by, or another spelling of its name, bears it out."""
    sure = {hit.spelling.name_id for hit in hits if not hit.spelling.is_ambiguous}
    found: list[Found] = []
    folded = simplified(plain).casefold() if any(hit.spelling.is_ambiguous for hit in hits) else ""
    if len(folded) != len(plain):  # a letter that becomes two when folded: places would not fit
        folded = plain
    for hit in hits:
        spelling = hit.spelling
        one = _versioned(plain, hit)  # a version behind it bears it out: Kimi-K3
        if spelling.is_ambiguous and spelling.name_id not in sure and not one.family_id and not _near(folded, hit):
            continue
        found.append(one)
    return found


def _near(folded: str, hit: Hit) -> bool:
    around = f"{folded[max(0, hit.start - AROUND) : hit.start]} {folded[hit.end : hit.end + AROUND]}"
    return any(word in around for word in hit.spelling.context)


def _versioned(plain: str, hit: Hit) -> Found:
    """The hit, or the unknown version of that family: `Qwen` with `3.5-Omni` behind it."""
    spelling = hit.spelling
    if spelling.kind == Name.Kind.MODEL and (tail := _TAIL.match(plain, hit.end)):
        whole = _SIZE.sub("", plain[hit.start : tail.end()])
        if len(whole) > hit.end - hit.start and any(letter.isdigit() for letter in whole):
            end = hit.start + len(whole)
            return Found(None, whole, "model", hit.start, end, key_of(whole), family_id=spelling.name_id)
    return Found(spelling.name_id, spelling.label, spelling.kind, hit.start, hit.end, spelling.key)


def _formed(formed: patterns.Formed, known: Known) -> Found:
    return Found(None, formed.label, formed.kind, formed.start, formed.end, formed.key, is_proof=formed.is_proof)
