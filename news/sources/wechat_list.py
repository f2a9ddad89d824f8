"""Lists of WeChat articles that a person hands in: an account's history, the editor's own list, Sogou's pages.

No tool can ask for these any more (Sogou's account pages ended in 2019, the history wants a logged-in phone), but
saved ones are still about. Sogou's links die within hours: they are read, and the inbox refuses them with advice.
"""

import html
import json
import re
from typing import Any

from bs4 import Tag
from django.utils.translation import gettext_lazy as _

from news.extract import dates
from news.sources import page_json
from news.sources.base import Entry, Kind, Listing, SourceError, Trouble, join
from news.sources.soup import soup_of

BASE = "https://mp.weixin.qq.com/"
_ACCOUNT = re.compile(r"var\s+name\s*=\s*\"[^\"]*\"\s*\|\|\s*\"([^\"]*)\"")
_SOGOU_TIME = re.compile(r"timeConvert\('(\d{10})'\)")


class WechatList(Kind):
    label = _("公众号文章列表（交文件）")
    help = _(
        "保存下来的公众号历史消息页、公众平台的文章列表 JSON、搜狗微信搜索页。这些页面已不能自动查看，只能交文件。"
    )
    address_label = ""
    is_polled = False
    is_ordered = False

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        listing = _of_history(text) or _of_editor(text) or _of_sogou(text)
        if listing is None or not listing.entries:
            raise SourceError(Trouble.NO_LIST, "neither a history, an article list nor a page of Sogou")
        return listing


def _of_history(text: str) -> Listing | None:
    """`var msgList = {"list": […]}` of the history page, `general_msg_list` of its JSON (a string in JSON)."""
    for document in page_json.documents(text):
        given = document.get("general_msg_list", document) if isinstance(document, dict) else {}
        rows = (_loaded(given) if isinstance(given, str) else given).get("list")
        messages = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        if any("app_msg_ext_info" in row for row in messages):
            name = _ACCOUNT.search(text)
            account = html.unescape(name[1]) if name else ""
            return Listing(account, [entry for row in messages for entry in _of_message(row, account)])
    return None


def _loaded(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_message(row: dict[str, Any], account: str) -> list[Entry]:
    """A message is one article and those that were sent with it."""
    first, about = row.get("app_msg_ext_info"), row.get("comm_msg_info")
    if not isinstance(first, dict):
        return []  # a message of text or a picture
    sent = dates.from_epoch(page_json.word(about, "datetime")) if isinstance(about, dict) else None
    more = first.get("multi_app_msg_item_list")
    entries = []
    for article in [first, *(more if isinstance(more, list) else [])]:
        address = page_json.word(article, "content_url") if isinstance(article, dict) else ""
        if address:
            title, author = page_json.word(article, "title"), page_json.word(article, "author")
            link = join(BASE, html.unescape(address))
            entries.append(Entry(link, html.unescape(title), account, author, sent))
    return entries


def _of_editor(text: str) -> Listing | None:
    """`app_msg_list` of the editor's own list (cgi-bin/appmsg), and `publish_page` that came after it."""
    entries = []
    for document in page_json.documents(text):
        for thing in page_json.objects(document):
            for nested in ("publish_page", "publish_info"):
                if isinstance(thing.get(nested), str):
                    thing[nested] = _loaded(html.unescape(thing[nested]))
            link = page_json.word(thing, "link", "content_url")
            if "mp.weixin.qq.com/" in link and "title" in thing:
                sent = dates.from_epoch(page_json.word(thing, "update_time", "create_time"))
                entries.append(Entry(html.unescape(link), page_json.word(thing, "title"), published=sent))
    return Listing("", entries) if entries else None


def _of_sogou(text: str) -> Listing | None:
    """Search results and hot lists of weixin.sogou.com, on a desktop and on a phone."""
    entries = [_of_result(box) for box in soup_of(text).select("ul.news-list > li, li[d]") if isinstance(box, Tag)]
    return Listing("", [entry for entry in entries if entry])


def _of_result(box: Tag) -> Entry | None:
    link = box.select_one("h3 a[href], h4 a[href]")
    if link is None:
        return None
    account = box.select_one("a.account, [data-sourcename], .all-time-y2")
    named = (account.get("data-sourcename") or account.get_text(strip=True)) if account else ""
    stamp = box.select_one("[t], [data-lastmodified]")
    said = str(stamp.get("t") or stamp.get("data-lastmodified")) if stamp else ""
    shown = _SOGOU_TIME.search(str(box)) if not said else None
    sent = dates.from_epoch(shown[1] if shown else said)
    return Entry(
        join("https://weixin.sogou.com/", str(link["href"])),
        link.get_text("", strip=True),
        str(named),
        published=sent,
    )
