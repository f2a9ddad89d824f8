"""What a past issue is read into: items, extras, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class PastItem:
    """An entry with a heading. `url` is empty where the issue gave no address; `line` is where its heading stands."""

    title: str
    url: str = ""
    account: str = ""
    text: str = ""  # Markdown
    number: str = ""
    section: str = ""
    line: int = 0


@dataclass(frozen=True)
class Extra:
    """A link, or a paper, of a list without digests."""

    title: str
    url: str = ""
    account: str = ""
    section: str = ""
    line: int = 0


@dataclass(frozen=True)
class Problem:
    """What an editor should know of a file, by line."""

    line: int
    kind: str
    what: str = ""

    def __str__(self) -> str:
        said = {
            "no_date": _("文件名和正文里都没有日期，这一期收不进来"),
            "no_text": _("文件不是 UTF-8 或 GB18030 的文字，没有读"),
            "too_large": _("文件大于 200 KB 或多于 10000 行，没有读"),
            "no_items": _("没有认出任何条目，这一期收不进来"),
            "other_number": _("正文里写的是 %(what)s 期，以文件名的日期为准"),
            "other_count": _("导语说有 %(what)s 条，认出的条数不同"),
            "no_link": _("“%(what)s”没有原文链接"),
            "stray": _("“%(what)s”之下的文字不属于任何条目，没有收"),
        }
        return said[self.kind] % {"what": self.what}
