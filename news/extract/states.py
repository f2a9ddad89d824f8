"""Pages that come with status 200 and are no article: what their notice says, as a state."""

import html
import re

from news.canonical import BadLink, canonicalise
from news.extract import literal, markup
from news.extract.base import Unreadable
from news.text import folded, sentences

# First match counts: an expired link also "cannot be viewed", a blocked visit also "goes wrong", and what was taken
# down for a violation is also "deleted". Simplified, traditional, English.
_WORDS = {
    "blocked": (
        "环境异常|環境異常|完成验证|完成驗證|去验证|(?:访问|操作|请求)(?:太|过于)?频繁|(?:訪問|操作|請求)(?:太|過於)?頻繁|安全验证|安全驗證",
        "请?输入验证码|輸入驗證碼|人机验证|滑动验证|图形验证|访问验证|异常访问|访问异常|异常流量",
        "verify (?:that )?you are|environment (?:is )?abnormal|abnormal environment|unusual traffic|captcha",
        "too (?:many requests|frequent)",
    ),
    "moved": (
        "公众号已迁移|公眾號已遷移|[帐账]号已迁移|帳號已遷移|已迁移至新|account has (?:been )?(?:migrated|moved)",
    ),
    "temporary_expired": ("(?:链接|鏈接|連結)已(?:过期|過期|失效)|link (?:has |is )?(?:been )?expired",),
    "violation": (
        "因违规|因違規|因违反|因違反|涉嫌违|涉嫌違|涉嫌侵权|涉嫌侵權|违反.{0,40}(?:法律|法规|规定|规范|条例|办法|准则|政策|协议|规则)",
        "違反.{0,40}(?:法律|法規|規定|規範|條例|政策|協議)|被(?:多人|用户|大量用户)?(?:侵权|转载)?.{0,4}投诉|被.{0,4}投訴|接(?:到)?相关投诉|侵权投诉",
        "[帐账]号(?:已)?被(?:屏蔽|封|停)|帳號已被(?:屏蔽|封|停)|涉嫌过度营销|冒名侵权|(?:涉嫌|审核为?)不实|已被辟谣|violat|complain|infring",
    ),
    "deleted": (
        "已被(?:发布者|发布人|作者|用户|发表者|原作者)?(?:主动)?(?:删除|刪除)|已被(?:發佈者|發布者|作者)刪除|已删除|已刪除|(?:内容|文章|页面|视频)已(?:下线|下架|失效)",
        "已(?:自主|主动|主動)?(?:注销|註銷)|deleted by the (?:author|publisher)",
        "(?:has been|was) (?:deleted|removed)|no longer exists?|page not found",
        "(?:页面|内容|文章|作品|网页)不存在|(?:頁面|內容|文章)不存在|(?:页面|内容|网页)(?:找不到|走丢|丢失)",
    ),
    "bad_request": (
        "参数(?:错误|有误|不正确)|參數(?:錯誤|有誤)|链接(?:地址)?(?:不正确|错误|无效|有误)|无效的?链接|(?:鏈接|連結)(?:錯誤|無效)",
        "(?:parameter|link) error|(?:invalid|wrong|incorrect) (?:parameter|argument|link|url|request)",
    ),
    "unavailable": (
        "(?:暂时)?无法(?:查看|访问|打开|显示)|無法(?:查看|訪問|打開|顯示)|不可见|不可访问|发送失败|發送失敗|已停止访问|迁移流程",
        "(?:系统|系統|网络|網絡|服务|服务器|未知)(?:出错|出錯|繁忙|错误|錯誤|异常|異常)|网络不给力|请?稍[后候]再试|稍後再試|未知错误",
        "请在微信客户端打开|请在微信打开|已?被?冻结|被回收|仅.{0,10}可见",
        "can(?:'|’)?(?:no)?t be (?:viewed|displayed|opened|accessed)",
        "unable to (?:view|open|access|display)|unavailable|not available|(?:system|unknown) error|try again later",
    ),
}
_SAYS = {state: re.compile("|".join(phrases), re.IGNORECASE) for state, phrases in _WORDS.items()}
_TRANSFER = re.compile(r"transfer_?target_?link\s*[=:]\s*(?:\w+\()?([\"'])(.{1,2000}?)\1", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]*)</title\s*>", re.IGNORECASE)
_SMALL = 300_000
_LONGEST_NOTICE = 400  # characters on the whole page; an article that talks of deletion has more


def notice(text: str) -> Unreadable | None:
    """The state of a page without a body: by WeChat's notice box first, else by all that a small page says."""
    said = _boxed(text) or _whole(text)
    return of_words(said, text) if said else None


def boxed_notice(text: str) -> Unreadable | None:
    """The state by the notice box alone: for pages that have a record, but nothing to read in it."""
    said = _boxed(text)
    return of_words(said, text) if said else None


def unknown_notice(text: str) -> Unreadable | None:
    """What the notice box says, whatever it is: for pages where it is all there is to read. None without a box."""
    said = _boxed(text)
    return Unreadable("unavailable", _sentence(said, 0)) if said else None


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
    """Title and description of the box in which WeChat's notices stand, as its templates named them over the years."""
    return " ".join(filter(None, (_inside(text, name) for name in _BOXES)))


_BOXES = ("weui-msg__title", "weui-msg__desc", "weui_msg_title", "weui_msg_desc", "global_error_msg", "page_rumor")


_LONGEST = 20_000  # characters of a box; a notice is a few lines of markup


def _inside(text: str, name: str) -> str:
    tag = markup.opening(text, "class", name)
    try:
        return markup.words(markup.cut(text, tag)[:_LONGEST]) if tag else ""
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
