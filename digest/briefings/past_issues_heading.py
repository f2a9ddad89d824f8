"""A heading of a past issue: its number, title, link and account. Pure.

The forms that were met: `N. [title](url) | account`, `[N. title](url) | account`, `N. title | account`, the same
without a number, full-width digits, and a tag before the link (【…】, （…）), which belongs to the title.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

ADDRESS = re.compile(r"https?://[^\s<>\"'）】」，。；\u4e00-\u9fff]+", re.IGNORECASE)
SOURCE_LINE = re.compile(r"^(?:[^:：]{0,14}，)?(?:原文(?:链接|地址|网址)?|知乎者也|来源链接|文章链接)\s*\**\s*[:：]")
LINK = re.compile(r"(?<![!\\])\[((?:\\.|[^\[\]\\]|\[[^\[\]]*\])*)\]\(((?:[^()]|\([^()]*\))*)\)")
NUMBER = re.compile(r"^\s*(\d{1,3})\s*[.．、)）](?!\d)\s*")
BARS = re.compile(r"(?:(?<!\s)\s++)?+[|｜]\s*+")  # a run of blanks is tried at its beginning only
LIST_NAMES = re.compile(
    r"(其[他它](新闻|资讯|链接)?|others?|素材|干货|(文末)?福利|论文(推荐|速递|列表)|推荐阅读|延伸阅读|更多|资源|链接)(\(自取\))?",
    re.IGNORECASE,
)
# What stands behind a bar and is no account: how the work is to be had, where it was shown, what readers made of it.
NO_ACCOUNT = re.compile(
    r".*(开源|下载|附.*|热榜|高赞|推荐|综述|教程|解读|详解)$"
    r"|[A-Za-z]{2,10}\s*'?\d{2,4}(\s*\(?\w+\)?)?( 开源)?|github.*|reddit.*",
    re.IGNORECASE,
)
LONGEST_ACCOUNT = 20
MOST_REDIRECTS = 3
LONGEST_NAME = 100  # of a list, with its marks


@dataclass(frozen=True)
class Heading:
    title: str
    rank: int
    number: str = ""
    url: str = ""
    account: str = ""

    @property
    def is_marked(self) -> bool:
        """Whether it is an item's by its form alone."""
        return bool(self.number or self.url) and not is_list_name(self.title)


def read_heading(line: str) -> Heading:
    """The heading in a line that begins with #."""
    marks = re.match(r"\s*(#+)\s*", line)
    text = line[marks.end() :] if marks else line
    number, text = _number(re.sub(r"(?<!\s)\s+#+\s*$", "", text).strip())
    title, url, behind = _link(text)
    inner, title = _number(title)
    account = _behind_bar(behind)
    if not account:
        title, account = _split_account(title)
    return Heading(clean_title(title), len(marks[1]) if marks else 1, number or inner, url, account)


def is_list_name(title: str) -> bool:
    """Whether a heading, or a line by itself, announces a list of links."""
    bare = title.strip(" *#:：_-~、.")
    return len(bare) <= LONGEST_NAME and bool(
        LIST_NAMES.fullmatch(unicodedata.normalize("NFKC", bare).strip(" *#:_-~、."))
    )


def link_in(text: str) -> tuple[str, str, str]:
    """The first link of a line: its text, its target, and the account behind it; empty where there is none."""
    match = LINK.search(text)
    return (clean_title(match[1]), address(match[2]), _behind_bar(text[match.end() :])) if match else ("", "", "")


def address(target: str) -> str:
    """A web address, out of the redirect that Zhihu puts before it.

    Nothing where it is none, or stands behind MOST_REDIRECTS of them.
    """
    for _redirect in range(MOST_REDIRECTS):
        url = (target.split() or [""])[0].strip("<>").rstrip("*_")  # a name in quotation marks may follow
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        if parts.hostname != "link.zhihu.com" or not (inner := parse_qs(parts.query).get("target")):
            return url if parts.scheme.lower() in ("http", "https") and parts.hostname else ""
        target = inner[0]
    return ""


def clean_title(title: str) -> str:
    """Without emphasis and escapes, on one line."""
    bare = re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", re.sub(r"\*\*|__|`|^\*|\*$", "", title))
    return " ".join(bare.split()).strip()


def _number(text: str) -> tuple[str, str]:
    """The number at its head, also in full width, and the rest."""
    head = unicodedata.normalize("NFKC", text[:6])
    match = NUMBER.match(head) if len(head) == len(text[:6]) else None
    return (match[1], text[match.end() :].strip()) if match else ("", text.strip())


def _link(text: str) -> tuple[str, str, str]:
    """The heading's words, its target, and what stands behind the link."""
    match = LINK.search(text)
    if not match:
        return text, "", ""
    before, behind = text[: match.start()], text[match.end() :]
    bar = BARS.search(behind)
    more, behind = (behind[: bar.start()], behind[bar.start() :]) if bar else (behind, "")
    return f"{before}{match[1]}{more.rstrip('*_ ')}", address(match[2]), behind


def _behind_bar(text: str) -> str:
    match = re.match(r"[\s*_]*[|｜]\s*(.+)$", text)
    return _account(match[1]) if match else ""


def _split_account(title: str) -> tuple[str, str]:
    """Title and account where the account stands behind the title's last bar."""
    bar = max(title.rfind("|"), title.rfind("｜"))
    before = title[: max(bar, 0)].rstrip()
    account = _account(title[bar + 1 :].lstrip()) if before else ""
    if not account or len(account) > LONGEST_ACCOUNT or NO_ACCOUNT.fullmatch(account):
        return title, ""
    return before, account


def _account(text: str) -> str:
    return clean_title(LINK.sub(r"\1", text)).strip(" |｜、，,;；")
