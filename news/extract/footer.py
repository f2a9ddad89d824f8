"""Takes the promotion off the end of an article: 关注我们, 往期推荐, QR codes, 点赞在看. The story above it stays.

How: walking up from the end, lines are dropped while they look like promotion; the first line of story stops it.
A heading such as 往期推荐 in the second half takes all below it along. A picture goes when promotion stands on both
sides of it, or right below it a line that asks to scan it. False positives cost more than ads that stay, so at most
half of the text goes, and a line that is as long as a paragraph is story unless it is full of such words.
Known exceptions: an author's postscript with an appeal in it goes when it is short; a QR code without words stays.
"""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from news.extract import clean
from news.extract.base import Page
from news.extract.markup import parse
from news.extract.walk import BLOCKS

_APPEAL = re.compile(
    r"(?<!值得)关注(?:我们|公众号|二维码|本号|一下|点个|微信)|欢迎关注|点击(?:上方|下方|蓝字|关注|左下角|名片|卡片)|阅读原文"
    r"|长按(?:识别|二维码|图片|图中|下方|上方|关注|扫码|保存)|扫码(?:关注|添加|加|进|入|报名|了解|领取|咨询|联系)|扫.{0,8}二维码"
    r"|识别.{0,6}二维码|点(?:个|一)赞|点赞(?:$|[、，, ]|在看|转发|关注|支持|收藏|和)"
    r"|(?:点|点个|点击|右下角|[“「])在看|在看(?:$|[！!”」])"
    r"|转发(?:给|本文|一下|支持|收藏|在看)|分享给(?:更多|朋友|好友|身边)|分享到朋友圈|一键三连|(?:设为|加个?|添加|点)星标"
    r"|加(?:我|小编|群主)?微信|进群|加群|入群|(?:交流|读者|粉丝|微信)群|商务合作|投稿(?:邮箱|请)|转载(?:请|须|开白|授权)"
    r"|未经(?:授权|许可|允许).{0,6}(?:转载|不得|禁止|请勿)|版权(?:归|所有|声明)|侵权(?:请|必究|联系|删)|侵删|联系我们"
    r"|(?:责编|责任?编辑|编辑|排版|校对|审核|图源|素材)\s*[:：|丨]|喜欢(?:的话|本文|这篇)|觉得(?:本文|不错|有用|有帮助).{0,12}(?:点|分享|转|赞|关注)"
    r"|(?:赞赏|打赏)(?:作者|支持|一下)|下期(?:再)?见|THE END|免责声明"
)
_HEADING = re.compile(
    r"^\W*(?:往期(?:推荐|阅读|精彩|回顾|文章|好文|热文)|推荐阅读|相关(?:阅读|文章|推荐)|延伸阅读|精彩(?:推荐|回顾)|热门(?:文章|推荐)|更多(?:精彩|阅读|文章)"
    r"|历史文章|猜你喜欢|关于我们|(?:公众号|社群|广告|推广)(?:推荐|介绍)?|END|The End|完)\W*$",
    re.IGNORECASE,
)
_SCAN = re.compile(r"二维码|扫码|扫一扫|长按|识别")
_LONG_LINE = 90
_DECORATION = re.compile(r"^[\W_]*$")
_KINDS = ("article", "repost", "share_card", "fragment")  # posts are all story


@dataclass(frozen=True)
class Story:
    """A page's body without its promotion, text and HTML alike; `trimmed` characters went."""

    text: str
    html: str
    trimmed: int


def story(page: Page) -> Story:
    """The body without its promotion: what is embedded, summarised and shown. The page itself keeps the whole."""
    whole = Story(page.text, page.html, 0)
    if page.state != "ok" or page.kind not in _KINDS or not page.html:
        return whole
    root = parse(page.html)
    leaves = [_Leaf.of(element) for element in root.iter() if _is_leaf(element)]
    kept = _without_footer(leaves, page.account)
    if kept == len(leaves):
        return whole
    for leaf in leaves[kept:]:
        _take_out(leaf.element)
    body = clean.body("".join(clean.outer(child) for child in root))
    trimmed = len(page.text) - len(body.text)
    return Story(body.text, body.html, trimmed) if 0 < trimmed <= len(page.text) // 2 else whole


def story_text(page: Page) -> str:
    """The story's text alone."""
    return story(page).text


def without_promotion(text: str) -> str:
    """A plain text without lines of promotion at its beginning and end; as it is, if half of it would go."""
    lines = text.split("\n")
    start, end = 0, len(lines)
    while start < end and _is_promotion(lines[start], ""):
        start += 1
    while end > start and _is_promotion(lines[end - 1], ""):
        end -= 1
    kept = "\n".join(lines[start:end])
    return kept if 2 * len(kept) >= len(text) else text


@dataclass(frozen=True)
class _Leaf:
    """A paragraph, list item, cell or the like: a block with no block in it."""

    element: HtmlElement
    text: str
    pictures: int

    @classmethod
    def of(cls, element: HtmlElement) -> "_Leaf":
        for line_break in element.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "").lstrip("\n")
        text = "".join(element.itertext()).strip()
        return cls(element, text, sum(1 for _ in element.iter("img")))

    @property
    def is_picture(self) -> bool:
        return bool(self.pictures) and not self.text

    def is_promotion(self, account: str) -> bool:
        """Whether each of its lines is; a code block never is."""
        return self.element.tag != "pre" and all(_is_promotion(line, account) for line in self.text.split("\n"))


def _is_leaf(element: HtmlElement) -> bool:
    return element.tag in BLOCKS and not any(child.tag in BLOCKS for child in element.iterdescendants())


def _without_footer(leaves: list[_Leaf], account: str) -> int:
    """How many leaves are story. Pictures go only with the promotion around them."""
    kept = end = _above_heading(leaves)
    while end and (leaves[end - 1].is_picture or leaves[end - 1].is_promotion(account)):
        end -= 1
        if not leaves[end].is_picture and leaves[end].text:
            kept = end
    if kept < len(leaves) and kept > end and _SCAN.search(leaves[kept].text):
        kept -= 1  # the code that the line below it asks to scan
    return kept if any(leaf.text for leaf in leaves[kept:]) else len(leaves)


def _above_heading(leaves: list[_Leaf]) -> int:
    total, above = sum(len(leaf.text) for leaf in leaves), 0
    for at, leaf in enumerate(leaves):
        if (
            2 * above >= total
            and _HEADING.match(leaf.text)
            and all(len(below.text) <= _LONG_LINE for below in leaves[at:])
        ):
            return at
        above += len(leaf.text)
    return len(leaves)


def _is_promotion(line: str, account: str) -> bool:
    if _DECORATION.match(line) or _HEADING.match(line):
        return True
    appeals = len(_APPEAL.findall(line)) + bool(account and re.search(rf"关注\W?{re.escape(account)}", line))
    return appeals > 0 and len(line) <= _LONG_LINE * appeals


def _take_out(element: HtmlElement) -> None:
    """Remove a leaf, and each box that is empty without it."""
    parent = element.getparent()
    while parent is not None:
        parent.remove(element)
        if len(parent) or (parent.text or "").strip() or parent.getparent() is None:
            return
        element, parent = parent, parent.getparent()
