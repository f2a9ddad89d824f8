"""Hand-in: an editor brings the page that a site would not give us; the same parser reads it as a fetched one."""

import hashlib
import zlib
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from news.canonical import BadLink, canonicalise
from news.extract import Page
from news.extract import read as read_page
from news.extract.saved import NotSaved, Saved, open_saved
from news.http import FetchError, Guard
from news.http.redirect import allow
from news.models import Article, Lead, Origin, PageState, Snapshot, Source, Stage
from news.sources.inbox import LONGEST, behind
from news.sources.inbox import WORDS as LINK_WORDS


class Fate(StrEnum):
    """What became of a page that was handed in. Closed list."""

    TAKEN = "taken"  # the workers read it now
    KEPT = "kept"  # there is a good text already; nothing was changed
    REFUSED = "refused"


# What a refused page is, and what the editor does next. Closed list: what cannot be opened (REASONS of
# news.extract.saved), every page state but ok, the parser's own codes, what is wrong with the address, and ours.
WORDS = LINK_WORDS | {
    "empty": _("这里没有内容。请先让文章完整显示出来，再保存或复制。"),
    "too_large": _("文件太大（上限 12 MiB，去掉图片后 5 MiB）。请在浏览器里用“网页，仅 HTML”的格式保存后再上传。"),
    "no_page": _("这不是网页文件。请上传 .html、.htm、.mht 或 .mhtml，或粘贴网页源码。"),
    "broken_archive": _("网页归档（.mht）不完整，里面找不到网页。请重新保存，或改存为“网页，仅 HTML”。"),
    "deleted": _("这一页是“已被发布者删除”的提示，不是文章。可以换一篇讲同一件事的文章。"),
    "violation": _("这一页是“因违规无法查看”的提示，不是文章。可以换一篇讲同一件事的文章。"),
    "unavailable": _("这一页是“暂时无法查看”的提示，不是文章。过几个小时再打开，看到正文后再交。"),
    "blocked": _("这一页是网站的验证页，不是文章。请在浏览器里通过验证，看到正文后再交一次。"),
    "temporary_expired": _("这一页是“链接已过期”的提示。请在微信里打开文章，用“复制链接”取得长期链接，打开后再交。"),
    "bad_request": _("这一页是“参数错误”的提示：链接不完整。请重新复制完整链接，打开后再交。"),
    "paid": _("这是付费文章，只有试读部分，不能收。可以由编辑自己写一条介绍。"),
    "moved": _("这一页是“帐号已迁移”的提示。请点进新地址，看到正文后再交。"),
    "truncated": _("网页只有前半截。请等页面完全加载后重新保存。"),
    "undecoded": _("文件内容是没有解开的压缩数据，或编码无法识别。请用浏览器重新保存网页。"),
    "preview": _("这是文章的预览或试读，没有全文。请打开完整的文章再交。"),
    "too_deep": _("网页结构异常，无法安全解析。请改用粘贴网页源码，只贴正文部分。"),
    "no_text": _("网页里没有读到正文。请等正文显示出来再保存；保存时选“网页，全部”或用书签工具。"),
    "no_address": _("网页里没有写明自己的地址。请在“文章链接”里填上它的链接，再交一次。"),
    "other_page": _("这一页是另一篇文章，与要交的这篇地址不同。请核对；要收这一页，请从“交稿”入口单独交。"),
}


@dataclass(frozen=True)
class Receipt:
    """What an editor is told about a page that was handed in."""

    fate: Fate
    article: Article | None = None
    reason: str = ""  # of what is refused: a key of WORDS
    page: Page | None = None

    @property
    def advice(self) -> str:
        return str(WORDS[self.reason]) if self.reason else ""


def hand_in(
    data: bytes,
    *,
    name: str = "",
    url: str = "",
    by: User | None = None,
    article: Article | None = None,
    replace: bool = False,
) -> Receipt:
    """Take a saved, pasted or sent page. Only a whole article is taken, and it never displaces a good copy.

    `url`: where it was, if the page itself does not say. `article`: the one that it must be; else it is found by the
    page's address, or made. `replace`: a good copy too may be displaced, by this good one.
    """
    try:
        saved = open_saved(data, name)
    except NotSaved as told:
        return Receipt(Fate.REFUSED, article, told.reason)
    page = read_page(saved.body, url=saved.url or _good(url) or "", content_type=saved.content_type)
    reason = _objection(page)
    addresses = _addresses(page, saved, url)
    if not reason and article and not _may_be(article, addresses):
        reason = "other_page"
    if not reason and not article and not addresses:
        reason = _what_is_wrong(url) or _what_is_wrong(saved.url) or "no_address"
    if reason:
        return Receipt(Fate.REFUSED, article, reason, page)
    return _take(saved, page, addresses, by, article, replace)


def _objection(page: Page) -> str:
    """Why this page is no article: a key of WORDS, "" where it is one."""
    if page.state != PageState.OK:
        return page.reason if page.reason in WORDS else page.state
    return "" if page.text.strip() else "no_text"


# ---- whose page it is


def _addresses(page: Page, saved: Saved, url: str) -> list[str]:
    """The canonical URLs that the page may be filed under, the surest first.

    What a page says of its own address counts within the site that it was on; no page speaks for another site.
    """
    was_at = [known for known in (_good(saved.url), _good(url)) if known]
    own = _good(page.canonical_url)
    if own and (not was_at or _same_site(own, was_at[0])):
        return list(dict.fromkeys([own, *was_at]))
    return list(dict.fromkeys(was_at))


def _good(url: str) -> str:
    return "" if not url or _what_is_wrong(url) else canonicalise(url)


def _what_is_wrong(url: str) -> str:
    """A key of WORDS; "" for an address that a page may be filed under, and for none."""
    if not url.strip():
        return ""
    try:
        canonical = canonicalise(url)
        if len(canonical) > LONGEST:
            return "long"
        Guard().check(canonical)
    except BadLink as bad:
        return bad.reason
    except FetchError:
        return "inside"
    return ""


def _same_site(one: str, other: str) -> bool:
    return allow(None, Guard().check(one))(urlsplit(other).hostname or "")


def _may_be(article: Article, addresses: list[str]) -> bool:
    """Whether the page can be this article's. WeChat has two addresses a page, with and without a query, that nobody
    can compare: such a page is believed."""
    if not addresses or article.canonical_url in addresses:
        return True
    has_query = "?" in article.canonical_url
    return _same_site(article.canonical_url, addresses[0]) and all(("?" in one) != has_query for one in addresses)


# ---- taking it


@transaction.atomic
def _take(
    saved: Saved, page: Page, addresses: list[str], by: User | None, article: Article | None, replace: bool
) -> Receipt:
    article = article or _find_or_make(addresses, by)
    article = Article.objects.select_for_update().get(pk=article.pk)
    if _has_a_good_copy(article) and not replace:
        return Receipt(Fate.KEPT, article, page=page)
    sha256 = hashlib.sha256(saved.body).hexdigest()
    is_waiting = article.stage == Stage.FETCHED and article.snapshots.filter(sha256=sha256).exists()
    if not is_waiting:  # else another editor was a moment faster, with the same page
        _keep(article, saved, sha256, by, addresses)
        _send_to_be_read(article)
    return Receipt(Fate.TAKEN, article, page=page)


def _find_or_make(addresses: list[str], by: User | None) -> Article:
    known = {found.canonical_url: found for found in Article.objects.filter(canonical_url__in=addresses)}
    article = next((behind(known[address]) for address in addresses if address in known), None)
    if article is None:
        host = urlsplit(addresses[0]).hostname or ""
        article, _made = Article.objects.get_or_create(
            canonical_url=addresses[0], defaults={"url": addresses[0], "host": host}
        )
    Lead.objects.get_or_create(
        source=Source.inbox(), article=article, url=addresses[0][:4000], defaults={"added_by": by}
    )
    return article


def _has_a_good_copy(article: Article) -> bool:
    return bool(article.text.strip()) and article.stage != Stage.DROPPED


def _keep(article: Article, saved: Saved, sha256: str, by: User | None, addresses: list[str]) -> None:
    """The newest snapshot is the one that is read: one that came before is the newest again."""
    about = {
        "url": (addresses or [article.canonical_url])[0],
        "status": 0,  # no site was asked
        "content_type": saved.content_type[:200],
        "packed": zlib.compress(saved.body, 6),
        "size": len(saved.body),
        "origin": Origin.HAND,
        "added_by": by,
    }
    kept, _made = Snapshot.objects.update_or_create(article=article, sha256=sha256, defaults=about)
    Snapshot.objects.filter(pk=kept.pk).update(fetched_at=Now())


def _send_to_be_read(article: Article) -> None:
    """Take it out of whoever's hands it is in: a fetch under way finds its lease gone and changes nothing."""
    Article.objects.filter(pk=article.pk).update(
        stage=Stage.FETCHED,
        drop_reason="",
        error="",
        attempts=0,
        retries=0,
        retry_at=None,
        lease="",
        leased_until=Now(),
        due_at=Now(),
        changed_at=Now(),
    )
    article.refresh_from_db()
