"""A Baidu author (百家号): the page author.baidu.com, or the JSON in which it asks for its list."""

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from django.utils.translation import gettext_lazy as _

from news.extract import dates
from news.sources import page_json
from news.sources.base import Entry, Kind, Listing, SourceError, Trouble, as_moment, join, refuse

_HOSTS = ("author.baidu.com", "baijiahao.baidu.com")
_ARTICLE = re.compile(r"(?:baijiahao\.baidu\.com/s\?|mbd\.baidu\.com/newspage/)")
_NAMES = ("name", "display_name", "author_name", "uname")


class BaiduAuthor(Kind):
    label = _("百家号作者")
    help = _("百家号作者的主页，例如 https://author.baidu.com/home/ 加一串数字。")
    address_label = _("作者主页")

    def check(self, address: str) -> str:
        parts = urlsplit(address)
        given = parse_qs(parts.query)
        number = re.search(r"/home/(\d{4,24})", parts.path)
        app = number[1] if number else next(iter(given.get("app_id", [])), "")
        if parts.hostname in _HOSTS and app.isdigit():
            return f"https://author.baidu.com/home/{app}"
        if parts.hostname in _HOSTS and "context" in given:
            return f"https://author.baidu.com/home?context={quote(given['context'][0], safe='')}"
        raise refuse(_("这不是百家号作者主页。打开作者主页，复制以 https://author.baidu.com/home 开头的地址。"))

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        account, entries = "", []
        for document in page_json.documents(text):
            for thing in page_json.objects(document):
                account = account or _account(thing)
                if entry := _entry(thing, url):
                    entries.append(entry)
        if not entries:
            raise SourceError(Trouble.NO_LIST, "no articles in the author's page")
        named = [Entry(e.url, e.title, e.account or account, published=e.published) for e in entries]
        return Listing(account, named)


def _account(thing: dict[str, Any]) -> str:
    """The name of the object that is the author; other names on the page are of topics and columns."""
    is_author = any(name in thing for name in ("uk", "app_id", "fans_num", "third_id", "mthid"))
    return page_json.word(thing, *_NAMES) if is_author else ""


def _entry(thing: dict[str, Any], url: str) -> Entry | None:
    """An object with a title and an article's address, or with an article's number."""
    title, number = page_json.word(thing, "title"), page_json.word(thing, "article_id", "feed_id", "nid")
    address = page_json.word(thing, "url", "article_url", "titleUrl", "landing_url")
    if not _ARTICLE.search(address):
        digits = re.fullmatch(r"(?:news_|dt_)?(\d{12,24})", number)
        address = f"https://baijiahao.baidu.com/s?id={digits[1]}" if digits else ""
    if not (title and address):
        return None
    said = page_json.word(thing, "ctime", "publish_time", "publish_at", "created_at", "created_time", "time")
    made_at = dates.from_epoch(said) or dates.from_shown(said)
    return Entry(join(url or "https://author.baidu.com/", address), title, published=as_moment(made_at))
