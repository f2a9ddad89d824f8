"""Baidu's news search (百度资讯), newest first, by words."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bs4 import Tag
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.extract import dates
from news.extract.base import BEIJING
from news.sources import page_json
from news.sources.base import Entry, Kind, Listing, Options, SourceError, Trouble, as_moment
from news.sources.soup import soup_of
from news.sources.whole import plain

_DATA = "<!--s-data:"
MAX_ROWS = 1000  # a page has ten to fifty; each costs some 0.2 ms
_TITLE = re.compile(r"<title>[^<]{0,20}资讯搜索[^<]*</title>")
_ASKED_AT = re.compile(r"'t':'(\d{10})'")
_AGO = re.compile(r"(\d{1,3})\s*(秒|分钟|小时|天)前")
_UNIT = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}
_CLOCK = re.compile(r"(今天|昨天|前天)?\s*(\d{1,2})[:：](\d{2})")


class NewsOptions(Options):
    words = forms.CharField(
        label=_("搜索词"), max_length=100, help_text=_("像在百度资讯里那样填写，例如：端侧大模型 芯片。")
    )


class BaiduNews(Kind):
    label = _("百度资讯搜索")
    help = _("按词搜索新闻，最新的在前。百度常要求验证，查看间隔不宜短于一小时。")
    address_label = ""
    options = NewsOptions

    def request(self, address: str, options: dict[str, object]) -> str:
        asked = {"tn": "news", "rtt": "4", "bsst": "1", "cl": "2", "word": str(options.get("words") or "")}
        return f"https://www.baidu.com/s?{urlencode(asked)}"

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        asked_at = _asked_at(text)
        left_out = max(0, text.count(_DATA) - MAX_ROWS)
        entries = _of_data(text, asked_at) or _of_markup(text, asked_at)
        if not entries and not _TITLE.search(text):
            raise SourceError(Trouble.NO_LIST, "no search results")
        return Listing(str(options.get("words") or _searched(url)), entries, left_out=left_out)


def _asked_at(text: str) -> datetime:
    """When the page was made, as it says itself: "2 hours ago" counts from there."""
    match = _ASKED_AT.search(text.replace("\\", ""))
    return (dates.from_epoch(match[1]) if match else None) or timezone.now()


def _of_data(text: str, asked_at: datetime) -> list[Entry]:
    """Each result carries its data in a comment `<!--s-data:{…}-->`; the class names around it are hashed."""
    entries, at = [], 0
    for _row in range(MAX_ROWS):
        if (at := text.find(_DATA, at)) < 0 or (end := text.find("-->", at)) < 0:
            break
        row = _json(text[at + len(_DATA) : end])
        if page_json.word(row, "titleUrl") and page_json.word(row, "title"):
            entries.append(_entry(row, asked_at))
        at = end
    return entries


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _entry(row: dict[str, Any], asked_at: datetime) -> Entry:
    return Entry(
        url=page_json.word(row, "titleUrl"),
        title=plain(page_json.word(row, "title")),
        account=page_json.word(row, "sourceName", "rtses"),
        published=when(page_json.word(row, "dispTime"), asked_at),
        summary=plain(page_json.word(row, "summary")),
    )


def _of_markup(text: str, asked_at: datetime) -> list[Entry]:
    """The results without their data: a heading with a link in a box that names the page (`mu`)."""
    entries = []
    for heading in soup_of(text).select("h3"):
        box, link = heading.find_parent(attrs={"mu": True}), heading.find("a", href=True)
        if isinstance(box, Tag) and isinstance(link, Tag):
            said = box.get_text(" ", strip=True)
            source = box.select_one("[aria-label^=新闻来源], .c-color-gray")
            account = source.get_text(strip=True) if source else ""
            title = heading.get_text("", strip=True)
            shown = box.select_one("[aria-label^=发布于], .c-color-gray2")
            moment = when(shown.get_text(strip=True) if shown else said[-60:], asked_at)
            entries.append(Entry(str(link["href"]), title, account, published=moment))
    return entries


def _searched(url: str) -> str:
    given = parse_qs(urlsplit(url).query)
    return (given.get("word") or given.get("wd") or [""])[0]


def when(said: str, asked_at: datetime) -> datetime | None:
    """The moment that 2小时前, 昨天 10:20, 12月3日 or 2024年1月30日 means, counted from `asked_at`."""
    if match := _AGO.search(said):
        return asked_at - timedelta(**{_UNIT[match[2]]: int(match[1])})
    if "刚刚" in said:
        return asked_at
    full = dates.from_shown(said)
    clock = _CLOCK.search(said)
    if full or not clock or int(clock[2]) > 23 or int(clock[3]) > 59:
        return as_moment(full or dates.from_shown(said, visit=asked_at))
    day = as_moment(dates.from_shown(said, visit=asked_at)) or asked_at
    return day.astimezone(BEIJING).replace(hour=int(clock[2]), minute=int(clock[3]), second=0, microsecond=0)
