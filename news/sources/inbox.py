"""The link inbox: any pasted text in, one outcome a link out."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from news.canonical import BadLink, canonicalise, find_links, is_temporary, is_wall
from news.models import Article, Lead, Source

LONGEST = 2000  # characters of an address, escapes and all


class Fate(models.TextChoices):
    """What became of a pasted link. Closed list."""

    ADDED = "added", _("已加入")
    KNOWN = "known", _("已有")
    TEMPORARY = "temporary", _("临时链接")
    REFUSED = "refused", _("不能抓取")


ADVICE = {
    Fate.TEMPORARY: _("这是临时链接，几小时后失效。请在微信中打开文章，点右上角“…”→“复制链接”，再粘贴得到的长期链接。"),
    Fate.REFUSED: _("这个地址不是可公开访问的网页链接，请检查是否复制完整。"),
}


@dataclass(frozen=True)
class Outcome:
    url: str
    fate: Fate
    article: Article | None = None
    reason: str = ""

    @property
    def advice(self) -> str:
        return str(ADVICE.get(self.fate, ""))


def paste(text: str, source: Source | None = None, by: User | None = None, **new: Any) -> list[Outcome]:
    """Take every link found in `text`, in its order. `new` goes to the articles that are made, e.g. is_sample."""
    source = source or Source.inbox()
    return [add(url, source, by, **new) for url in find_links(text)]


def add(url: str, source: Source, by: User | None = None, **new: Any) -> Outcome:
    """Take one link. However often and by however many it is pasted, there is one article a canonical URL (P28)."""
    if is_temporary(url):
        return Outcome(url, Fate.TEMPORARY)
    try:
        canonical = canonicalise(url)
    except BadLink as bad:
        return Outcome(url, Fate.REFUSED, reason=bad.reason)
    # Of a verification page the state is asked once, as pasted; a retry then asks for the page behind it.
    address = url if is_wall(url) else canonical
    if max(len(canonical), len(address)) > LONGEST:
        return Outcome(url, Fate.REFUSED, reason="long")
    with transaction.atomic():
        article, made = Article.objects.get_or_create(
            canonical_url=canonical,
            defaults={"url": address, "host": urlsplit(address).hostname or "", **new},
        )
        Lead.objects.get_or_create(source=source, article=article, url=url[:4000], defaults={"added_by": by})
        if article.is_sample and not new.get("is_sample"):
            # The real page of a sample: from now on the editor's own, and fetched from its own site.
            Article.objects.filter(pk=article.pk).update(is_sample=False)
            article.retry()
            made = True
    return Outcome(url, Fate.ADDED if made else Fate.KNOWN, article)


def follow(article: Article, url: str) -> None:
    """A page said that it has moved: its new address becomes a lead of the same source."""
    lead = article.leads.order_by("created_at").first()
    add(url, lead.source if lead else Source.inbox(), lead.added_by if lead else None, is_sample=article.is_sample)
