"""What an editor is told of an article that did not come through: why, when it is tried again, what a person can do."""

from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news import retries
from news.models import Article, DropReason, Host, Stage

NEXT_STEP = {
    DropReason.DELETED: gettext_lazy("原文已不在。可以换一篇讲同一件事的文章，或由编辑自己写一条。"),
    DropReason.VIOLATION: gettext_lazy("平台已屏蔽原文。换一篇讲同一件事的文章。"),
    DropReason.UNAVAILABLE: gettext_lazy("程序会过几个小时自动再试；一直如此就换一篇。"),
    DropReason.BLOCKED: gettext_lazy(
        "网站要求人工验证，程序不会绕过，会隔一段时间自动再试。着急时在浏览器里打开原文，把网页交稿进来。"
    ),
    DropReason.TEMPORARY_EXPIRED: gettext_lazy("在微信里打开文章，用“复制链接”取得长期链接，再粘贴到收件箱。"),
    DropReason.BAD_REQUEST: gettext_lazy("链接不完整。请重新复制完整链接，再粘贴到收件箱。"),
    DropReason.PAID: gettext_lazy("付费内容不转载。可以由编辑自己写一条介绍。"),
    DropReason.MOVED: gettext_lazy("内容已转到新地址，新地址已自动加入。"),
    DropReason.REFUSED: gettext_lazy("这个地址不是公开网页，出于安全不会访问。请检查链接。"),
    DropReason.NOT_FOUND: gettext_lazy("页面不存在。请检查链接是否复制完整。"),
    DropReason.UNREACHABLE: gettext_lazy("网站多次没有回应，程序会自动再试。检查网络或代理设置，或把网页交稿进来。"),
    DropReason.UNREADABLE: gettext_lazy("收到的不是可读的网页。请检查链接指向的是不是一篇文章。"),
    DropReason.EMPTY: gettext_lazy("页面里没有正文。在浏览器里看得到正文时，把网页交稿进来；否则由编辑自己写一条。"),
    DropReason.BOILERPLATE: gettext_lazy(
        "同一网站的多个链接都只给出这一段话，多半是登录或付费提示。登录后在浏览器里打开原文，把网页交稿进来。"
    ),
    DropReason.ROBOTS: gettext_lazy(
        "网站的 robots.txt 不让程序自动访问这一页。由人把链接粘贴到收件箱，或在这里重新抓取，就按人的访问处理。"
    ),
    DropReason.FAILED: gettext_lazy("程序多次出错，出错信息在下方。重试仍失败时请把它报告给维护者。"),
    DropReason.BY_EDITOR: gettext_lazy("编辑已舍弃。需要时可以重试。"),
}
NO_SUCH_NAME = gettext_lazy("域名不存在，或暂时查不到。请检查链接里的域名是否写对。")
# Where a person's browser gets what the program does not.
HANDED_IN = {
    *(DropReason.BLOCKED, DropReason.UNREACHABLE, DropReason.UNREADABLE, DropReason.EMPTY),
    *(DropReason.BOILERPLATE, DropReason.ROBOTS, DropReason.UNAVAILABLE),
}


def next_step(article: Article) -> SafeString:
    """In words: when it goes on by itself, and what a person can do meanwhile."""
    told = " ".join(filter(None, (countdown(article), _advice(article)))) or "—"
    if article.drop_reason not in HANDED_IN or not (address := _handin(article)):
        return format_html("{}", told)
    return format_html('{} <a class="button" href="{}">{}</a>', told, address, _("把网页交稿进来"))


def countdown(article: Article) -> str:
    """When the program tries again, and for which time; empty where it does not."""
    if article.stage == Stage.FOUND:
        return _of_fetch(article)
    if not article.retry_at:
        return ""
    if host := Host.objects.closed().filter(name=article.host, next_at__gt=article.retry_at).first():
        return _("网站连续要求验证，%(moment)s 以后才会再访问它。") % {"moment": moment(host.next_at)}
    counts: dict[str, object] = {"n": article.retries + 1, "all": max(_tries(article), article.retries + 1)}
    counts["moment"] = moment(article.retry_at)
    return _("将于 %(moment)s 自动重试（第 %(n)s 次，共 %(all)s 次）。") % counts


def _of_fetch(article: Article) -> str:
    if not article.error or article.due_at <= timezone.now():
        return ""
    counts = {"n": article.attempts + 1, "all": retries.FETCH_TRIES, "moment": moment(article.due_at)}
    return _("上一次没有取到，将于 %(moment)s 再试（第 %(n)s 次，共 %(all)s 次）。") % counts


def _tries(article: Article) -> int:
    return len(retries.RULES.get(retries.rule_of(article.drop_reason, article.error), ()))


def moment(when: datetime) -> str:
    local = timezone.localtime(when)
    today = timezone.localdate() == local.date()
    return date_format(local, "H:i" if today else "n-j H:i")


def _advice(article: Article) -> str:
    if article.error.startswith("dns:") and article.stage in (Stage.FOUND, Stage.DROPPED):
        return str(NO_SUCH_NAME)
    return str(NEXT_STEP[DropReason(article.drop_reason)]) if article.drop_reason else ""


def _handin(article: Article) -> str:
    try:
        return f"{reverse('admin:news_handin')}?article={article.pk}"
    except NoReverseMatch:
        return ""
