"""Names that show by their form: arXiv numbers, addresses of repositories, titles of papers, product codes. Pure.

What a form proves differs. An arXiv number or a repository's address is the thing's own identity. A title behind the
word 论文 and a code such as WTM2101 beside the word 芯片 are guesses: they become suggestions (file.py).
Known failures: a code with none of the words near it is missed; a code whose near word speaks of another thing gets the
wrong kind; module numbers of screws and cameras beside 模组 are suggested too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from news.names.fold import key_of

_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html)/|\barxiv\s*[::]?\s*)(\d{4}\.\d{4,5})(?:v\d{1,2})?(?:\.pdf)?(?!\d)", re.IGNORECASE
)
_REPOSITORY = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:www\.)?(github\.com|gitee\.com|huggingface\.co|hf\.co|modelscope\.cn/models)"
    r"/([A-Za-z0-9][\w.-]{0,60})/([A-Za-z0-9][\w.-]{0,80})",
    re.IGNORECASE | re.ASCII,
)
# First folders of these sites that are pages of their own and nobody's account.
_NO_OWNER = frozenset(
    re.findall(
        r"[a-z-]+",
        "about all api apps blog collections contact customer-stories datasets docs education enterprise "
        "events explore features gists gitee help join learn login marketplace models new "
        "news notifications organizations orgs papers posts pricing search security settings signup site "
        "solutions spaces sponsors stars tasks team topics trending users ",
    )
)
_PAPER_WORD = "论文|預印本|预印本|論文|paper|Paper"
_TITLE = re.compile(
    rf"(?:{_PAPER_WORD})(?:题为|题目为|题目是|名为|标题是|[::是]|\s){{0,3}}《([^《》\n]{{6,150}})》"
    rf"|《([^《》\n]{{6,150}})》(?:一文)?(?:这篇|的|等)?(?:{_PAPER_WORD})"
    rf"|(?:{_PAPER_WORD})(?:题为|题目为|题目是|名为|标题是|[::是]|\s){{0,3}}[“\"]"
    r"([A-Z][^“”\"\n]{10,150}[A-Za-z?!])[”\"]"
)
_CODE = re.compile(
    r"(?<![A-Za-z0-9._/@%#&=:+-])[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*(?![A-Za-z0-9_/@=+]|-[A-Za-z0-9])"
)
_KIND_WORDS = {
    "chip": "芯片|处理器|SoC|MCU|NPU|FPGA|DSP|加速卡|加速器|显卡|单片机|微控制器|协处理器|算力卡|晶片|处理单元|GPU|CPU",
    "board": "开发板|核心板|评估板|板卡|开发套件|套件|模组|工控机|学习板|单板机|开发者套件",
    "model": "大模型|语言模型|模型|检测器|网络结构|骨干网络|参数量",
}
_WORD = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _KIND_WORDS.items()), re.IGNORECASE)
REACH = 14  # characters between a code and the word that says what it is
_STOPS = re.compile(r"[。！？；!?;\n]")
# Codes that everybody uses and nobody sells: formats, interfaces, number types, standards, sizes, conferences.
_COMMON = re.compile(
    r"(?:mp[34]|h\.?26[45]|x86(?:[-.]64)?|x64|arm(?:32|64|v[5-9].*)|aarch(?:32|64)|ipv[46]|utf-?(?:8|16|32)|gbk?\d*|sha-?\d+|md5|base64|"
    r"(?:b?f|fp|int|uint|bf|tf|mx?fp|w)\d{1,2}(?:a\d{1,2})?|u?int\d+x\d+|rgb\d+|yuv\d+|nv12|rs-?(?:232|422|485)|"
    r"(?:lp)?ddr\d\w?|gddr\d\w?|hbm\d\w?|usb[-\d.c]*|pcie?[-\d.x]*|emmc[\d.]*|ufs[\d.]*|sata\d?|hdmi[\d.]*|dp[\d.]*|"
    r"wi-?fi-?\d\w?|nb-iot\d*|802\.\w+|[2-6]g|cat-?[1-9m]\d?|gpio\d*|uart\d*|i2[cs]\d*|spi\d*|adc\d*|pwm\d*|"
    r"iso-?\d.*|gb-?\d.*|iec-?\d.*|ieee-?\d.*|en-?\d.*|aec-q\d+|asil-?\w|ip\d{2}\w?|rohs\d?|"
    r"(?:top|rank|pass|recall|map|ap|f|l|p|r|q|h|k|c|s|t|n|v|ver|fig|tab|no|step|day|part|level|tier|lv|stage|eq)[-.@]?\d{1,4}|"
    r"v\d+(?:\.\d+)*|\w*[-']?(?:19|20)\d\d(?:q\d)?|covid-?\d+|web-?[23](?:\.0)?|industry4\.0|[a-z]?\d?d|c\+\+\d+|python[\d.]+|java\d+|es\d|css\d|html5|"
    r"qfn\d+|lqfp\d+|bga\d+|sot-?\d+|a[0-6]|b[0-6]|b2b|b2c|c2c|o2o|p2p|m2m|s2s|k12|r2|co2|h2o|pm2\.5|win(?:dows)?\d+|ios\d+|"
    r"img\d*|image\d+|figure\d+|table\d+|chapter\d+|http\d?|\d*k|\d+x|x\d+|im2col|seq2seq|word2vec|sim2real|text2\w+|img2\w+|e2e)",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[A-Za-z]+[-.]?\d+(?:mb|gb|tb|kb|mhz|ghz|ms|nm|mm|cm|kg|px|fps|tops|w|v|a)$", re.IGNORECASE)


@dataclass(frozen=True)
class Formed:
    """A name found by its form. `is_proof`: the form is the thing's identity; else it is a guess for an editor."""

    key: str
    label: str
    kind: str
    start: int
    end: int
    is_proof: bool


def papers(text: str) -> Iterator[Formed]:
    """arXiv numbers, however they are written: `arXiv:2303.03378v2`, the page's or the PDF's address."""
    for match in _ARXIV.finditer(text):
        if 1 <= int(match[1][2:4]) <= 12:
            label = f"arXiv:{match[1]}"
            yield Formed(label.casefold(), label, "paper", match.start(), match.end(), True)


def repositories(text: str) -> Iterator[Formed]:
    """Repositories by their address, one key however deep the address goes."""
    for match in _REPOSITORY.finditer(text):
        host = match[1].casefold().removesuffix("/models").replace("hf.co", "huggingface.co")
        owner, name = match[2].rstrip("."), match[3].rstrip(".-").removesuffix(".git")
        if owner.casefold() in _NO_OWNER or not name:
            continue
        yield Formed(
            f"{host}/{owner}/{name}".casefold(), f"{owner}/{name}", "repository", match.start(), match.end(), True
        )


def titles(text: str) -> Iterator[Formed]:
    """Titles that the word 论文 stands beside."""
    for match in _TITLE.finditer(text):
        which = next(number for number in (1, 2, 3) if match[number])
        label = " ".join(match[which].split()).rstrip(".,。")
        yield Formed(key_of(label)[:250], label[:200], "paper", match.start(which), match.end(which), False)


def codes(text: str) -> Iterator[Formed]:
    """Letters with digits, where a word near by, in the same sentence, says what kind of thing it is."""
    for match in _CODE.finditer(text):
        code = match[0]
        if not _is_code(code) or not (kind := _kind_near(text, match.start(), match.end())):
            continue
        yield Formed(key_of(code), code, kind, match.start(), match.end(), False)


def _is_code(code: str) -> bool:
    if not 3 <= len(code) <= 30 or not any(c.isdigit() for c in code) or not any(c.isupper() for c in code):
        return False
    return not (_COMMON.fullmatch(code) or _UNIT.match(code))


def _kind_near(text: str, start: int, end: int) -> str:
    """What the nearest word of a kind says; what follows counts before what precedes, as in 这款 X 芯片."""
    behind = _STOPS.split(text[end : end + REACH])[0]
    before = _STOPS.split(text[max(0, start - REACH) : start])[-1]
    after = _WORD.search(behind)
    earlier = list(_WORD.finditer(before))
    distances: list[tuple[int, str]] = []
    if after and after.lastgroup:
        distances.append((after.start(), after.lastgroup))
    if earlier and (last := earlier[-1]).lastgroup:
        distances.append((len(before) - last.end() + 1, last.lastgroup or ""))
    return min(distances)[1] if distances else ""
