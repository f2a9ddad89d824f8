"""What went wrong with a source, in words: what it means and what a person can do. Closed list, checked by a test."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.http import Reason
from news.sources.base import Trouble


@dataclass(frozen=True)
class Words:
    what: str | Promise
    advice: str | Promise
    lasting: bool = False  # waiting will not mend it: a person should look at once
    wall: bool = False


_WAIT = _("不用处理，会自动重试；若一天后仍不行，在浏览器里打开这个地址看看。")
_CHECK = _("在浏览器里打开这个地址核对；网站改版了就换成新地址。")
_ADDRESS = _("改成公开可访问的 http 或 https 地址。")
_SERVER = _("网站的回答不合规范。先等自动重试；一直如此就换一个地址，或改用网页列表。")
_WALL = _("请勿频繁查看。等它自动恢复；急用的文章在浏览器里打开后，用“交稿”把页面交进来，或改订一个 RSS 桥接地址。")

UNKNOWN = Words(_("出了没有预料到的问题"), _WAIT)
WORDS: dict[str, Words] = {
    Reason.SSRF_POLICY: Words(_("地址指向内网或保留地址"), _ADDRESS, lasting=True),
    Reason.BAD_URL: Words(_("地址不能访问"), _ADDRESS, lasting=True),
    Reason.DNS: Words(_("找不到这个网站（域名无法解析）"), _WAIT),
    Reason.TIMEOUT: Words(_("网站没有回应"), _WAIT),
    Reason.DEADLINE: Words(_("网站太慢，没有在限时内答完"), _WAIT),
    Reason.CONNECT: Words(_("连不上网站"), _WAIT),
    Reason.PROXY: Words(_("抓取代理不可用"), _("请管理员检查 CRAWL_PROXY 指向的代理。"), lasting=True),
    Reason.TLS: Words(_("网站的证书有问题"), _("等网站换好证书；抓取不会跳过证书检查。")),
    Reason.RESET: Words(_("网站中途断开了连接"), _WAIT),
    Reason.PROTOCOL: Words(_("网站的回答读不懂"), _SERVER),
    Reason.HEADERS_TOO_LARGE: Words(_("网站的回答过大"), _SERVER),
    Reason.TOO_LARGE: Words(_("内容超过大小上限"), _("换一个较短的地址，例如只含最新文章的订阅地址。"), lasting=True),
    Reason.TRUNCATED: Words(_("内容没有传完"), _WAIT),
    Reason.CORRUPT: Words(_("内容在传输中损坏"), _WAIT),
    Reason.UNEXPECTED_ENCODING: Words(_("网站用了不支持的压缩方式"), _SERVER),
    Reason.ENCODING_CHAIN: Words(_("网站用了不支持的压缩方式"), _SERVER),
    Reason.CONTENT_TYPE: Words(_("这个地址给出的不是网页或订阅文件"), _CHECK, lasting=True),
    Reason.EMPTY: Words(_("网站给出了空白内容"), _WAIT),
    Reason.TOO_MANY_REDIRECTS: Words(_("地址转来转去"), _CHECK, lasting=True),
    Reason.REDIRECT_LOOP: Words(_("地址转来转去"), _CHECK, lasting=True),
    Reason.REDIRECT_OFF_ALLOWLIST: Words(
        _("地址转到了别的网站"), _("若新网站可信，把地址改成它的地址。"), lasting=True
    ),
    Reason.HTTPS_DOWNGRADE: Words(_("地址从 https 转到了不安全的 http"), _CHECK, lasting=True),
    Reason.CHALLENGE: Words(_("网站要求人工验证"), _WALL, wall=True),
    Reason.NOT_FOUND: Words(_("页面不存在"), _CHECK, lasting=True),
    Reason.RATE_LIMITED: Words(
        _("网站嫌访问太多，要求稍后再来"), _("不用处理，会按网站说的时间再试；也可以把查看间隔放长。")
    ),
    Reason.HTTP_4XX: Words(_("网站拒绝了访问"), _CHECK, lasting=True),
    Reason.HTTP_5XX: Words(_("网站出错了"), _WAIT),
    Reason.ROBOTS: Words(
        _("网站的 robots.txt 不允许抓取这个地址"),
        _("尊重网站的规定：换一个允许的地址，或改订 RSS 桥接。"),
        lasting=True,
    ),
    Trouble.NO_FEED: Words(
        _("内容不是 RSS、Atom 或 JSON Feed"), _("核对订阅地址；网站没有订阅就改用“网页列表”。"), lasting=True
    ),
    Trouble.NO_LIST: Words(_("页面里找不到文章列表"), _CHECK, lasting=True),
    Trouble.SELECTOR: Words(
        _("选择器在页面上选不到链接"), _("网站多半改版了：打开页面，用“试一试”改好选择器。"), lasting=True
    ),
    Trouble.GONE: Words(
        _("网站说这里的内容没有了"), _("在微信或浏览器里核对；确实没有了就停用这个来源。"), lasting=True
    ),
    Trouble.UNREADABLE: Words(_("内容损坏或过于复杂，读不了"), _CHECK),
    Trouble.HOSTILE: Words(_("文件里有不该有的内容，已拒绝"), _("换一个来路可靠的文件或地址。"), lasting=True),
    Trouble.BY_HAND: Words(_("这类来源不能自动查看"), _("在来源页上交一份列表文件。")),
    Trouble.FAILED: Words(_("读取时程序出错"), _("请把错误详情交给管理员；会自动重试。")),
}


def words(error: str) -> Words:
    """The words for `Source.error`, which is a code, a colon and the detail."""
    code = error.partition(":")[0].strip()
    return WORDS.get(code) or UNKNOWN
