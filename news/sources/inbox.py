"""The link inbox: any pasted text in, one outcome a link out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from news.canonical import BadLink, canonicalise, find_links, is_short, is_wall
from news.http import FetchError, Guard, Reason
from news.models import Article, DropReason, Lead, PageState, Source, Stage

LONGEST = 2000  # characters of an address, escapes and all
MOST = 500  # links of one paste
MAX_HOPS = 5  # short links that lead to short links


class Fate(models.TextChoices):
    """What became of a pasted link. Closed list."""

    ADDED = "added", _("已加入")
    KNOWN = "known", _("已有")
    TEMPORARY = "temporary", _("临时链接")
    REFUSED = "refused", _("不能抓取")


TEMPORARY = _("这是临时链接，几小时后失效。请在微信中打开文章，点右上角“…”→“复制链接”，再粘贴得到的长期链接。")
# What to do about each reason of news.canonical.REASONS; "inside", which the guard of the network knows; and "loop".
WORDS = {
    "empty": _("链接是空的，请重新复制。"),
    "long": _("链接太长。请在浏览器里打开它，复制地址栏里较短的地址。"),
    "control": _("链接中间有空格或网址里不会有的字符。请重新复制完整链接。"),
    "scheme": _("这不是 http:// 或 https:// 开头的网页链接。请复制浏览器地址栏里的地址。"),
    "userinfo": _("网站名里带有“@”，可能是伪装的地址。请打开网页，复制地址栏里的地址。"),
    "port": _("链接带有特殊端口，不是公开的网页。请换成这个页面的公开链接。"),
    "host": _("网站名不完整，或者是 IP 地址、本机名称。只收公开网站的域名，请检查链接是否复制完整。"),
    "inside": _("这是内部网络的名称，从外面打不开。请换成公开网站上的链接。"),
    "temporary": TEMPORARY,
    "loop": _("短链接一个接一个，找不到文章。请在浏览器里打开它，复制地址栏里的地址。"),
    "incomplete": _("公众号链接缺少必要的参数。请在微信里打开文章，用“复制链接”重新取得完整链接。"),
}
SHORT = _("短链接：先查出它通向哪里，再收下那篇文章。")
REPEATED = _("和上面的一个链接是同一篇。")


@dataclass(frozen=True)
class Outcome:
    """What becomes, or became, of one link."""

    url: str
    fate: Fate
    article: Article | None = None
    reason: str = ""  # of what is refused: a key of WORDS
    canonical: str = ""
    is_short: bool = False
    is_repeated: bool = False  # of a preview: the link of the same page stands above

    @property
    def advice(self) -> str:
        if self.reason:
            return str(WORDS[self.reason])
        if self.is_repeated:
            return str(REPEATED)
        return str(SHORT) if self.is_short and self.fate == Fate.ADDED else ""

    @property
    def forecast(self) -> str:
        """The fate in words, before anything is done."""
        return gettext("将加入") if self.fate == Fate.ADDED else str(self.fate.label)

    @property
    def standing(self) -> str:
        """How far the article is that stands there already."""
        if not self.article or self.fate != Fate.KNOWN:
            return ""
        if self.article.stage == Stage.DROPPED:
            return f"{self.article.get_stage_display()}：{self.article.get_drop_reason_display()}"
        return self.article.get_stage_display()


def look(text: str) -> list[Outcome]:
    """What `paste` would make of each link of `text`, in its order. Stores nothing, asks no site.

    Each link costs a query: a web request counts its links first and calls `foresee` with MOST of them at most.
    """
    return foresee(find_links(text, most=None))


def foresee(urls: Sequence[str]) -> list[Outcome]:
    """What would become of each link. Stores nothing, asks no site."""
    return list(_foreseen(urls))


def _foreseen(urls: Sequence[str]) -> Iterator[Outcome]:
    seen: set[str] = set()
    for url in urls:
        outcome = weigh(url)
        if outcome.canonical in seen:
            outcome = replace(outcome, fate=Fate.KNOWN, is_repeated=True)
        seen |= {outcome.canonical} - {""}
        yield outcome


def paste(text: str, source: Source | None = None, by: User | None = None, **new: Any) -> list[Outcome]:
    """Take every link found in `text`, in its order. `new` as `add` has it."""
    source = source or Source.inbox()
    return [add(url, source, by, **new) for url in find_links(text, most=None)]


def weigh(url: str) -> Outcome:
    """What there is to say of one link before it is taken. Stores nothing, asks no site."""
    try:
        canonical = canonicalise(url)
        if max(len(canonical), len(_address(url, canonical))) > LONGEST:
            raise BadLink("long")
        Guard().check(canonical)
    except BadLink as bad:
        return Outcome(url, Fate.TEMPORARY if bad.reason == "temporary" else Fate.REFUSED, reason=bad.reason)
    except FetchError as refused:
        return Outcome(url, Fate.REFUSED, reason="inside" if refused.reason == Reason.SSRF_POLICY else "host")
    article = Article.objects.filter(canonical_url=canonical).first()
    fate = Fate.KNOWN if article and not article.is_sample else Fate.ADDED
    return Outcome(url, fate, behind(article), canonical=canonical, is_short=is_short(canonical))


def add(url: str, source: Source, by: User | None = None, *, title: str = "", note: str = "", **new: Any) -> Outcome:
    """Take one link. However often and by however many it is pasted, there is one article a canonical URL (P28).

    `title` and `note` are kept with the lead; `new` goes to the article if it is made, e.g. is_sample.
    """
    weighed = weigh(url)
    if weighed.reason:
        return weighed
    with transaction.atomic():
        article, made = file(url, weighed.canonical, **new)
        about = {"added_by": by, "title": title[:500], "note": note[:500]}
        Lead.objects.get_or_create(source=source, article=article, url=url[:4000], defaults=about)
        if article.drop_reason == DropReason.ROBOTS and article.asked_by_person:  # now a person asks for it
            article.retry()
            made = True
    return replace(weighed, fate=Fate.ADDED if made else Fate.KNOWN, article=article)


def file(url: str, canonical: str, **new: Any) -> tuple[Article, bool]:
    """The article of a URL that was weighed, and whether there is something to do for it; at most one is made."""
    address = _address(url, canonical)
    article, made = Article.objects.get_or_create(
        canonical_url=canonical, defaults={"url": address, "host": urlsplit(address).hostname or "", **new}
    )
    article = behind(article) or article
    if article.is_sample and not new.get("is_sample"):
        # The real page of a sample: from now on the editor's own, and fetched from its own site.
        Article.objects.filter(pk=article.pk).update(is_sample=False)
        article.retry()
        made = True
    return article, made


def _address(url: str, canonical: str) -> str:
    """Of a verification page the state is asked once, as pasted; a retry then asks for the page behind it."""
    return url if is_wall(url) else canonical


def behind(article: Article | None) -> Article | None:
    """The article that a short link was found to lead to; any other article itself."""
    for _hop in range(MAX_HOPS):
        if article is None or article.state != PageState.MOVED or not is_short(article.canonical_url):
            break
        article = Article.objects.filter(canonical_url=article.state_reason).first() or article
    return article


def follow(article: Article, url: str) -> None:
    """A page said that it has moved: its new address becomes a lead of the same source."""
    lead = article.leads.order_by("created_at").first()
    add(url, lead.source if lead else Source.inbox(), lead.added_by if lead else None, is_sample=article.is_sample)
