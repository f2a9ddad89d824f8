"""A WeChat album (合集, once 专辑 and 话题): its page, and the JSON in which the page asks for more."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from news.extract import dates, literal, markup
from news.sources import page_json
from news.sources.base import Entry, Kind, Listing, Options, SourceError, Trouble, refuse

PAGE = "https://mp.weixin.qq.com/mp/appmsgalbum"
AT_ONCE = 20
_ITEM = re.compile(r"<li\b", re.IGNORECASE)
_DATA = re.compile(r"data-(\w+)=\"([^\"]*)\"")
_MADE_AT = re.compile(r"js_article_create_time[^>]*>\s*(\d{10})")


class AlbumOptions(Options):
    reverse = forms.BooleanField(
        label=_("从最后一篇读起"),
        required=False,
        help_text=_("合集按“正序”连载、新文章排在最后时勾选。"),
    )


class WechatAlbum(Kind):
    label = _("公众号合集")
    help = _("公众号文章顶部“收录于合集”点进去的页面。打开合集，右上角“…”→“复制链接”。")
    address_label = _("合集链接")
    options = AlbumOptions

    def check(self, address: str) -> str:
        given = _given(address)
        if urlsplit(address).hostname != "mp.weixin.qq.com" or not (given.get("__biz") and given.get("album_id")):
            raise refuse(
                _("这不是合集链接。合集链接以 https://mp.weixin.qq.com/mp/appmsgalbum 开头，含 __biz 和 album_id。")
            )
        return f"{PAGE}?{urlencode({name: given[name] for name in ('__biz', 'album_id')})}"

    def request(self, address: str, options: dict[str, object]) -> str:
        given = _given(address)
        asked = {"__biz": given.get("__biz", ""), "action": "getalbum", "album_id": given.get("album_id", "")}
        more = {"is_reverse": "1"} if options.get("reverse") else {}
        return f"{PAGE}?{urlencode({**asked, 'count': str(AT_ONCE), **more, 'f': 'json'})}"

    def read(self, text: str, url: str, options: dict[str, object]) -> Listing:
        if text.lstrip()[:1] == "{":
            return _of_json(text, url)
        listing = _of_script(text) or _of_items(text)
        if not listing.entries:
            raise SourceError(Trouble.NO_LIST, "no album in the page")
        return listing


def _of_json(text: str, url: str) -> Listing:
    answer: dict[str, Any] = next((found for found in page_json.documents(text) if isinstance(found, dict)), {})
    album, told = answer.get("getalbum_resp"), answer.get("base_resp")
    if not isinstance(album, dict):
        code = page_json.word(told, "ret", "errmsg") if isinstance(told, dict) else ""
        raise SourceError(Trouble.NO_LIST, f"WeChat says {code}" if code else "no album in the answer")
    given = album.get("article_list")
    rows = [row for row in (given if isinstance(given, list) else [given]) if isinstance(row, dict)]
    info = album.get("base_info")
    base: dict[str, Any] = info if isinstance(info, dict) else {}
    account = page_json.word(base, "nickname")
    more = page_json.word(album, "continue_flag") == "1" and rows
    return Listing(
        page_json.word(base, "title"),
        [_entry({name: page_json.word(row, name) for name in row}, account) for row in rows],
        _next(url, rows[-1]) if more else "",
    )


def _next(url: str, last: dict[str, Any]) -> str:
    begin = {"begin_msgid": page_json.word(last, "msgid"), "begin_itemidx": page_json.word(last, "itemidx")}
    return f"{PAGE}?{urlencode({**_given(url), **begin})}" if url and all(begin.values()) else ""


def _of_script(text: str) -> Listing | None:
    """`window.cgiDataNew = {articleList: [{title: '…', url: '…', create_time: '…'}]}`, a literal and no JSON."""
    at = text.find("articleList")
    start = text.find("{", text.rfind("cgiData", 0, at)) if at >= 0 else -1
    if not 0 <= start < at:
        return None
    try:
        data = literal.read_object(text, start)
    except literal.Broken:
        raise SourceError(Trouble.UNREADABLE, "the album's script does not end") from None
    account = data.text("nick_name") or data.text("nickname") or data.text("base_info", "nickname")
    rows = data.items_of("articleList")
    return Listing(data.text("title"), [_entry({name: row.text(name) for name in row}, account) for row in rows])


def _of_items(text: str) -> Listing:
    """The list as it stood in the markup until about 2023."""
    entries = []
    for start, end in markup.tags(text, _ITEM):
        given = {name: html.unescape(value) for name, value in _DATA.findall(text, start, end)}
        if "link" in given and "title" in given:
            made_at = _MADE_AT.search(text, end, end + 4000)
            row = {"url": given["link"], "title": given["title"], "create_time": made_at[1] if made_at else ""}
            entries.append(_entry(row, ""))
    title = markup.metas(text[:100_000]).get("og:title", "")
    return Listing(title, entries)


def _entry(row: dict[str, str], account: str) -> Entry:
    return Entry(
        url=html.unescape(row.get("url", "")),
        title=html.unescape(row.get("title", "")),
        account=account,
        published=dates.from_epoch(row.get("create_time", "")),
    )


def _given(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(html.unescape(address)).query))
