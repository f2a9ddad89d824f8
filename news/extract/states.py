"""Pages that come with status 200 and are no article: what their notice says, as a state."""

import html
import re

from news.canonical import BadLink, canonicalise
from news.extract import literal, markup
from news.extract.base import Unreadable
from news.text import folded, sentences

# First match counts: an expired link also "cannot be viewed", a blocked visit also "goes wrong".
_WORDS = {
    "blocked": (
        "环境异常|環境異常|完成验证|去验证|访问过于频繁|操作(?:过于)?频繁|安全验证|请输入验证码|人机验证|滑动验证",
        "访问验证|异常访问|verify (?:that )?you are|environment (?:is )?abnormal|unusual traffic|captcha",
    ),
    "moved": ("公众号已迁移|[帐账]号已迁移|已迁移至新|account has (?:been )?(?:migrated|moved)",),
    "temporary_expired": ("链接已过期|链接已失效|鏈接已過期|link (?:has )?expired",),
    "deleted": (
        "已被(?:发布者|发布人|作者|用户|发表者)?(?:主动)?删除|已被發佈者刪除|已删除|已(?:自主|主动)?注销",
        "deleted by the (?:author|publisher)|has been deleted|(?:页面|内容|文章)不存在",
    ),
    "violation": (
        "因违规|因違規|涉嫌违|涉嫌侵权|违反.{0,40}(?:法律|法规|规定|规范)|被投诉|[帐账]号已被(?:屏蔽|封|停)",
        "涉嫌过度营销|violat|complained",
    ),
    "bad_request": ("参数错误|參數錯誤|链接(?:地址)?不正确|parameter error|invalid (?:parameter|link)",),
    "unavailable": (
        "暂时无法查看|无法查看|無法查看|暂时无法访问|不可见|发送失败|已停止访问|系统(?:出错|繁忙|错误)|网络不给力",
        "请在微信客户端打开|已冻结|被回收|can(?:'t|not) be (?:viewed|displayed)|unavailable",
    ),
}
_SAYS = {state: re.compile("|".join(phrases), re.IGNORECASE) for state, phrases in _WORDS.items()}
_TRANSFER = re.compile(r"transferTargetLink\s*[=:]\s*(?:\w+\()?([\"'])(.{1,2000}?)\1")
_TITLE = re.compile(r"<title[^>]*>([^<]*)</title\s*>", re.IGNORECASE)
_SMALL = 300_000
_LONGEST_NOTICE = 400  # characters on the whole page; an article that talks of deletion has more


def notice(text: str) -> Unreadable | None:
    """The state of a page without a body: by WeChat's notice box first, else by all that a small page says."""
    said = _boxed(text) or _whole(text)
    return of_words(said, text) if said else None


def of_words(said: str, text: str = "") -> Unreadable | None:
    """The state that a notice's words mean; None for words we do not know."""
    for state, pattern in _SAYS.items():
        if match := pattern.search(said):
            return Unreadable(state, _sentence(said, match.start()), _target(text) if state == "moved" else "")
    return None


def _sentence(said: str, at: int) -> str:
    """The page's own words, without the menus around them."""
    return next((s.text[:120] for s in sentences(said) if s.start <= at < s.end), said[:120])


def _boxed(text: str) -> str:
    """Title and description of `weui-msg`, the box in which WeChat's notices stand."""
    return " ".join(filter(None, (_inside(text, name) for name in ("weui-msg__title", "weui-msg__desc"))))


def _inside(text: str, name: str) -> str:
    tag = markup.opening(text, "class", name)
    try:
        return markup.words(markup.cut(text, tag)) if tag else ""
    except Unreadable:
        return ""


def _whole(text: str) -> str:
    """Title and text of a page that says next to nothing."""
    if len(text) > _SMALL:
        return ""
    title = _TITLE.search(text)
    heading = folded(html.unescape(title[1])) if title else ""
    rest = folded(markup.words(text[title.end() :] if title else text))
    said = rest if heading in rest else f"{heading} {rest}"
    return said if len(said) <= _LONGEST_NOTICE else ""


def _target(text: str) -> str:
    """The new address of an account that moved."""
    match = _TRANSFER.search(text)
    if not match:
        return ""
    try:
        return canonicalise(html.unescape(literal.decode(f"'{match[2]}'")))
    except BadLink:
        return ""
