"""Takes the promotion off the end of an article: 关注我们, 往期推荐, QR codes, 点赞在看. The story above it stays.

How: walking up from the end, lines are dropped while they look like promotion; the first line of story stops it.
A heading such as 往期推荐 in the second half takes all below it along. False positives cost more than ads that stay,
so at most half of the text goes, and a line that is as long as a paragraph is story unless it is full of such words.
Known exception: an author's postscript with an appeal in it goes when it is short.
"""

import re

from news.extract.base import Page

_APPEAL = re.compile(
    r"关注(?:我们|公众号|本号|并|一下|点个|微信)|欢迎关注|点击(?:上方|下方|蓝字|关注|阅读原文|左下角|名片)|长按|扫码|扫描?(?:下方|上方)?二维码"
    r"|识别(?:图中|下方)?二维码|点(?:个|一)?赞|在看|转发|分享(?:给|到)|一键三连|星标|加(?:我|小编|群主)?微信|(?:进|加入|交流|读者|粉丝)群"
    r"|阅读原文|商务合作|投稿(?:邮箱|请)|转载(?:请|须|开白)|未经授权|版权(?:归|所有|声明)|侵(?:权|删)|联系我们|责任?编辑|(?:编辑|排版|校对|审核|图源|素材)\s*[:：|丨]"
    r"|喜欢(?:就|的话|本文)|觉得(?:不错|有用)|打赏|赞赏|下期(?:再)?见|THE END|免责声明"
)
_HEADING = re.compile(
    r"^\W*(?:往期(?:推荐|精彩|回顾|文章|好文|热文)|推荐阅读|相关(?:阅读|文章|推荐)|延伸阅读|精彩(?:推荐|回顾)|热门(?:文章|推荐)|更多(?:精彩|阅读|文章)"
    r"|历史文章|猜你喜欢|关于我们|(?:公众号|社群|广告|推广)(?:推荐|介绍)?|END|The End|完)\W*$",
    re.IGNORECASE,
)
_LONG_LINE = 90
_DECORATION = re.compile(r"^[\W_]*$")


def story_text(page: Page) -> str:
    """The body without its promotion: what is embedded, summarised and shown. `page.text` keeps the whole."""
    return trim_footer(page.text)


def trim_footer(text: str) -> str:
    """The text without the promotion at its end; a text that is nothing but promotion stays as it is."""
    lines = text.split("\n")
    kept = _above_heading(lines)
    while kept and _is_promotion(kept[-1]):
        kept = kept[:-1]
    trimmed = "\n".join(kept)
    return trimmed if 2 * len(trimmed) >= len(text) else text


def _above_heading(lines: list[str]) -> list[str]:
    total, above = sum(map(len, lines)), 0
    for at, line in enumerate(lines):
        if 2 * above >= total and _HEADING.match(line) and max(map(len, lines[at:])) <= _LONG_LINE:
            return lines[:at]
        above += len(line)
    return lines


def _is_promotion(line: str) -> bool:
    if _DECORATION.match(line) or _HEADING.match(line):
        return True
    appeals = len(_APPEAL.findall(line))
    return appeals > 0 and len(line) <= _LONG_LINE * appeals
