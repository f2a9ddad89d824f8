"""RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed, as publishers and WeChat bridges write them."""

import re
from dataclasses import replace
from itertools import islice

from django import forms
from django.utils.translation import gettext_lazy as _

from news.sources import xml
from news.sources.base import Entry, Kind, Listing, Options, SourceError, Trouble, as_moment, join
from news.sources.feed_dates import moment
from news.sources.feed_json import MAX_ENTRIES, read_json
from news.sources.whole import is_cut_evenly, is_whole, plain

ATOM = "http://www.w3.org/2005/Atom"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# lxml looks for these without a call for each of a million other elements.
_ITEMS = [f"{{*}}{name}" for word in ("item", "entry") for name in (word, word.title(), word.upper())]
MAX_CHILDREN = 100  # of an entry; each is looked at a dozen times
MODES = [("auto", _("自动判断")), ("always", _("总是全文")), ("never", _("只有标题或摘要"))]


class FeedOptions(Options):
    text = forms.ChoiceField(
        label=_("条目里的正文"),
        choices=MODES,
        initial="auto",
        required=False,
        help_text=_("订阅里带全文时直接使用，不再访问原网页。自动判断拿不准时仍去抓原网页。"),
    )


class Feed(Kind):
    label = _("RSS / Atom / JSON Feed")
    help = _("网站或博客的订阅地址，也可以是 WeWe-RSS、wechat2rss、RSSHub 等桥接给出的公众号订阅。")
    address_label = _("订阅地址")
    hears_robots = False
    options = FeedOptions

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        listing = read_json(text, url) if text.lstrip("\ufeff \t\r\n")[:1] == "{" else _read_xml(text, url)
        return _with_texts(listing, str(options.get("text") or "auto"))


def _read_xml(text: str, url: str) -> Listing:
    root = xml.parse(text)
    if root is None or xml.local(root) not in ("rss", "rdf", "feed", "channel"):
        raise SourceError(Trouble.NO_FEED, f"<{xml.local(root)}>" if root is not None else "")
    head = next((child for child in root if xml.local(child) == "channel"), root)
    nodes = root.iter(*_ITEMS)
    items = list(islice(nodes, MAX_ENTRIES))
    title = _text(head, "title")
    base = join(url, head.get(XML_BASE) or root.get(XML_BASE) or _home(head) or "")
    found = [_entry(item, base) for item in items]
    return Listing(title, _accounts(title, found), left_out=sum(1 for _node in nodes))


def _home(head: xml.Element) -> str:
    """The site's address; bridges put an icon or WeChat's front page there, which is good enough for relative links."""
    link = _link(head)
    return link if link.startswith(("http://", "https://", "//")) else ""


def _entry(item: xml.Element, base: str) -> Entry:
    base = join(base, item.get(XML_BASE) or "")
    content, summary = _markup(item, "encoded", "content"), _markup(item, "description", "summary")
    return Entry(
        url=join(base, _link(item)) if _link(item) else "",
        title=_title(_text(item, "title")),
        author=_author(item),
        published=as_moment(moment(_text(item, "pubdate", "published", "date", "issued", "updated", "modified"))),
        html=content or summary,
        summary=summary if content else "",
    )


def _title(title: str) -> str:
    """Without markup and what was escaped twice."""
    return plain(title) if re.search(r"</?[a-zA-Z]|&(?:#?\w+);", title) else title


def _text(item: xml.Element, *names: str) -> str:
    """The text of the first of `names` that says anything."""
    for name in names:
        for child in islice(item, MAX_CHILDREN):
            if xml.local(child) == name and "media" not in xml.space(child) and (said := xml.words(child)):
                return said
    return ""


def _markup(item: xml.Element, *names: str) -> str:
    for name in names:
        for child in islice(item, MAX_CHILDREN):
            if xml.local(child) == name and "media" not in xml.space(child) and (said := xml.inner(child).strip()):
                return said
    return ""


def _link(item: xml.Element) -> str:
    """Atom's alternate link, RSS's link, a guid or id that is an address; the original's address where a proxy gave it.

    `<link/>` followed by text is what broken RSS becomes; comments and enclosures are no articles.
    """
    alternates: list[str] = []
    others: list[str] = []
    for child in islice(item, MAX_CHILDREN):
        name = xml.local(child)
        if name == "origlink":
            alternates.insert(0, xml.words(child))
        elif name == "link" and child.get("href"):
            (alternates if child.get("rel", "alternate") == "alternate" else []).append(child.get("href") or "")
        elif name == "link" and xml.space(child) != ATOM:
            alternates.append(xml.words(child) or (child.tail or "").strip())
        elif name in ("guid", "id") and child.get("ispermalink", child.get("isPermaLink", "true")).lower() != "false":
            others.append(xml.words(child))
    found = [link.strip() for link in alternates if link.strip()]
    return next(iter(found), "") or next((link for link in others if link.startswith(("http://", "https://"))), "")


def _author(item: xml.Element) -> str:
    for child in islice(item, MAX_CHILDREN):
        if xml.local(child) in ("author", "creator", "dc:creator"):
            name = next((node for node in child if xml.local(node) == "name"), child)
            return xml.words(name).removeprefix("(").removesuffix(")")
    return ""


_SUFFIXES = (" | wechat-feeds", " - wechat2rss", " - 微信公众号", " 的微信公众号")


def _accounts(title: str, entries: list[Entry]) -> list[Entry]:
    """Who publishes: the feed's title; in a feed of several WeChat accounts, the entry's author is the account."""
    for suffix in _SUFFIXES:
        title = title.removesuffix(suffix)
    several = len({entry.author for entry in entries if entry.author}) > 1
    made = []
    for entry in entries:
        is_account = several and entry.author and "//mp.weixin.qq.com/" in entry.url
        account, author = (entry.author, "") if is_account else (title, entry.author)
        made.append(replace(entry, account=account, author="" if author == account else author))
    return made


def _with_texts(listing: Listing, mode: str) -> Listing:
    """`html` stays only where it is the whole text; what is an excerpt becomes the summary."""
    cut = mode == "auto" and is_cut_evenly([entry.html for entry in listing.entries])
    made = []
    for entry in listing.entries:
        whole = bool(entry.html) and (mode == "always" or (mode == "auto" and not cut and is_whole(entry.html)))
        summary = entry.summary or ("" if whole else entry.html)
        excerpt = plain(summary[:20_000]) if summary else ""
        made.append(replace(entry, html=entry.html if whole else "", summary=excerpt))
    return replace(listing, entries=made)
