"""A list page of any site: the links that a CSS selector picks."""

import soupsieve
from bs4 import Tag
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from news.extract import dates
from news.sources.base import Entry, Kind, Listing, Options, SourceError, Trouble, as_moment, join
from news.sources.soup import soup_of

MAX_ENTRIES = 500
# What soupsieve raises for an editor's selector: a wrong one, a wrong number in it, one that CSS has and it has not.
_NOT_A_SELECTOR = (soupsieve.SelectorSyntaxError, ValueError, NotImplementedError)


def check_selector(value: str) -> None:
    try:
        soupsieve.compile(value)
    except _NOT_A_SELECTOR as error:
        said = str(error).split("\n")[0][:120]
        words = _("选择器写错了：%(said)s。可以照这样写：ul.news-list li h3 a")
        raise ValidationError(words, params={"said": said}) from None


class PageOptions(Options):
    selector = forms.CharField(
        label=_("链接选择器"),
        max_length=300,
        validators=[check_selector],
        help_text=_("CSS 选择器，选中每一条的链接（a），或选中装着它的一行、一格，例如 ul.news-list li。"),
    )
    title_selector = forms.CharField(
        label=_("标题选择器"),
        max_length=300,
        required=False,
        validators=[check_selector],
        help_text=_("在上面选中的一条里找标题；留空则用链接的文字。"),
    )
    date_selector = forms.CharField(
        label=_("日期选择器"),
        max_length=300,
        required=False,
        validators=[check_selector],
        help_text=_("在上面选中的一条里找日期；可以留空。"),
    )


class Page(Kind):
    label = _("网页列表")
    help = _("没有订阅的网站：给出列表页地址，用 CSS 选择器指出哪些是文章链接。")
    address_label = _("列表页地址")
    options = PageOptions

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        soup = soup_of(text)
        given = {name: str(options.get(name) or "") for name in ("selector", "title_selector", "date_selector")}
        base = soup.find("base", href=True)
        root = join(url, str(base["href"])) if isinstance(base, Tag) else url
        try:
            boxes = soup.select(given["selector"])
            found = [_entry(box, root, given) for box in boxes[:MAX_ENTRIES]]
        except _NOT_A_SELECTOR as error:
            raise SourceError(Trouble.SELECTOR, str(error).split("\n")[0][:200]) from None
        entries = [entry for entry in found if entry]
        if not entries:
            raise SourceError(Trouble.SELECTOR, f"{given['selector']}: {len(boxes)} boxes, no link")
        title = soup.title.get_text(" ", strip=True) if soup.title else ""
        return Listing(title, entries, left_out=max(0, len(boxes) - MAX_ENTRIES))


def _entry(box: Tag, base: str, given: dict[str, str]) -> Entry | None:
    link = box if box.name == "a" else box.find("a", href=True)
    address = join(base, str(link.get("href") or "").strip()) if isinstance(link, Tag) else ""
    if not isinstance(link, Tag) or not address.startswith(("http://", "https://")):
        return None
    title = _chosen(box, given["title_selector"]) or str(link.get("title") or "") or link.get_text(" ", strip=True)
    shown = _chosen(box, given["date_selector"])
    return Entry(address, title, published=as_moment(dates.from_shown(shown)) if shown else None)


def _chosen(box: Tag, selector: str) -> str:
    found = box.select_one(selector) if selector else None
    return found.get_text(" ", strip=True) if found else ""
