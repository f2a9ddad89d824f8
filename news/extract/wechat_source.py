"""The places where a WeChat page says a thing: its record, its variables, its meta tags, what it shows."""

import html
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice

from news.canonical import BadLink, canonicalise
from news.extract import clean, dates, literal, markup
from news.extract.base import Unreadable
from news.text import folded

_BASE = "https://mp.weixin.qq.com/"
_CHROME = re.compile(
    r"<(?:div|p|a|span)\s[^<>]*(?:id=\"(?:js_tags_preview_toast|content_bottom_area|js_temp_bottom_area|js_pc_qr_code|js_toobar3"
    r"|js_sg_bar|js_sponsor_ad_area|js_iframetest|page_bottom_area)\"|class=\"(?:rich_media_tool|qr_code_pc|rich_media_area_extra)\b)"
)
_PICTURES = re.compile(r"picture_page_info_list\s*=\s*(?=\[)")
_KINDS = {"5": "video", "6": "audio", "7": "audio", "8": "image_share", "10": "text_share", "17": "text_share"}
_BYLINE = re.compile(r"<(?:em|span) class=\"rich_media_meta rich_media_meta_text\">([^<]{1,60})<")
_MOST_RECORDS = 10  # a page has one or two; each is read to its end
_SHARED = "11"  # an article passed on, by its show type; older pages say it in copyright_stat only


@dataclass(frozen=True)
class Source:
    """The places where a WeChat page says a thing, each read when asked for.

    `cgiDataNew` is the page's own record, a JavaScript literal. Older pages set variables; the oldest only show.
    """

    text: str

    @cached_property
    def record(self) -> literal.Literal:
        best = literal.Literal()
        for name in ("cgiDataNew", "cgiData"):  # the older name stands for something else on today's pages
            for match in islice(re.finditer(rf"{name}\s*=\s*(?=\{{)", self.text), _MOST_RECORDS):
                with suppress(literal.Broken):
                    best = max(best, literal.read_object(self.text, match.end()), key=len)
            if best:
                break
        return best

    @cached_property
    def metas(self) -> dict[str, str]:
        return markup.metas(self.text[: self._body_start])

    @cached_property
    def _body_start(self) -> int:
        return self.text.find("<body") if "<body" in self.text else 60_000

    @cached_property
    def kind(self) -> str:
        kind = _KINDS.get(self._show_type, "article")
        if kind == "article" and not self._content_box and self.pictures:
            return "image_share"
        if kind != "article" or (self._copyright != "2" and self._show_type != _SHARED):
            return kind
        return "repost" if self._content_box else "share_card"

    @cached_property
    def _show_type(self) -> str:
        return self.record.text("item_show_type") or self._variable("item_show_type")

    @cached_property
    def title(self) -> str:
        """The first that says something: og:title, msg_title, the record's, #activity-name, <title>."""
        if self.kind == "text_share" and self.record and self.record.text("text_page_info", "is_user_title") == "0":
            return ""
        for given in (
            self.metas.get("og:title", ""),
            self._variable("msg_title"),
            self.record.text("title") or self._variable("title"),
            self._shown("activity-name"),
            self._shown_class("rich_media_title"),
            self._titled,
        ):
            if title := _tidy(given):
                return title
        return ""

    @cached_property
    def account(self) -> str:
        names = (
            self.record.text("nick_name"),
            self._variable("nickname") or self._variable("nick_name"),
            self._shown("js_name"),
            self._shown("post-user"),
            self._shown_class("profile_nickname") or self._shown_class("wx_follow_nickname"),
        )
        return next(filter(None, map(_tidy, names)), "")

    @cached_property
    def byline(self) -> str:
        plain = _BYLINE.search(self.text)
        names = (
            self.metas.get("og:article:author", ""),
            self.record.text("author") or self._variable("author"),
            self._shown("js_author_name"),
            html.unescape(plain[1]) if plain else "",
            self.metas.get("author", ""),
        )
        return next(filter(None, map(_tidy, names)), "")

    @cached_property
    def published(self) -> datetime | date | None:
        """Creation in epoch seconds; never svr_time, which is the time of the visit. Else what the page shows."""
        for value in (
            self.record.text("ori_create_time"),
            self.record.text("create_timestamp"),
            self._variable("ct"),
            self._variable("oriCreateTime"),
            self.record.text("create_time") or self._variable("create_time"),
        ):
            if moment := dates.from_epoch(value):
                return moment
        visit = dates.from_epoch(self._variable("svr_time"))
        for shown in (self.record.text("create_time"), self._variable("createTime"), self._variable("publish_time"),
                      self._shown("publish_time"), self._shown("post-date")):  # fmt: skip
            if found := dates.from_shown(shown, visit):
                return found
        return None

    @property
    def original(self) -> bool | None:
        """As declared; a page that only shows it says it with a mark, and without the mark says nothing."""
        shown = True if "原创" in self._shown("copyright_logo") else None
        return {"1": True, "0": False, "2": False}.get(self._copyright, shown)

    @cached_property
    def _copyright(self) -> str:
        stat = self.record.text("copyright_info", "copyright_stat")
        return stat or self._variable("copyright_stat")

    @property
    def passed_on_from(self) -> str:
        """The original's address, of a repost: in the record, or on the share card's link."""
        if self.kind not in ("repost", "share_card"):
            return ""
        tag = markup.opening(self.text, "id", "js_share_source")
        card = self.text[tag.start() : tag.end() + 600] if tag else ""
        shown = re.search(r"data-url=\"([^\"]+)\"", tag[0] if tag and "data-url" in tag[0] else card)
        return _canonical(self.record.text("copyright_info", "reprint_url")) or _canonical(shown[1] if shown else "")

    @property
    def canonical_url(self) -> str:
        for given in (self.metas.get("og:url", ""), self.record.text("link"), self._variable("msg_link")):
            if link := _canonical(given):
                return link
        return _canonical(self._saved_from) or _canonical(self._numbered)

    def address(self, url: str) -> str:
        """The address that a page was asked for under, where it is one of WeChat's."""
        link = _canonical(url)
        return link if link.startswith(f"{_BASE}s") else ""

    @property
    def _saved_from(self) -> str:
        match = re.search(r"<!-- saved from url=\(\d+\)(\S+) -->", self.text[:2000])
        return match[1] if match else ""

    @property
    def _numbered(self) -> str:
        """Account, message, place in it and signature: the variables that a long link is made of."""
        biz, mid, idx, sn = map(self._variable, ("biz", "mid", "idx", "sn"))
        return f"{_BASE}s?__biz={biz}&mid={mid}&idx={idx}&sn={sn}" if biz and mid and idx and sn else ""

    @property
    def is_preview(self) -> bool:
        """A paid article of which the visitor has not bought the rest."""
        record = self.record
        if record.text("is_pay_subscribe") == "1" or self._variable("isPaySubscribe") == "1":
            return record.text("user_info", "is_paid") != "1" and self._variable("isPaid") != "1"
        return "pay-preview-filter" in self._content_box or "js_pay_preview_filter" in self._content_box

    # ---- bodies

    @property
    def body(self) -> clean.Body | None:
        """The body by the page's kind; a post of the older template has it where articles have theirs."""
        if self.kind in ("image_share", "text_share"):
            post = self._post_body
            return post if post.text or post.images else self._article_body
        return self._article_body

    @cached_property
    def _content_box(self) -> str:
        """What stands in #js_content, when there is more than white space."""
        tag = markup.opening(self.text, "id", "js_content") or markup.opening(self.text, "class", "rich_media_content")
        inside = markup.cut_body(self.text, tag, _CHROME) if tag else ""
        return inside if inside.strip() else ""

    @property
    def _article_body(self) -> clean.Body | None:
        """#js_content, or the text that a script of the page puts there: share cards fill the box late."""
        for found in (self._content_box, self.record.text("content_noencode"), self._template):
            body = clean.body(found, _BASE) if found else None
            if body and (body.text or body.images):
                return body
        said = self.record.text("desc") or self._variable("desc") or self._variable("msg_desc")
        return clean.body(_paragraphs(_unwritten(said)), _BASE) if self.record or self._show_type in _KINDS else None

    @property
    def _template(self) -> str:
        """Share cards of 2018 to 2021 hold the original's text in a script of type text/html."""
        tag = markup.opening(self.text, "id", "content_tpl")
        return markup.cut(self.text, tag) if tag else ""

    @cached_property
    def _post_body(self) -> clean.Body:
        """Image and text posts: plain text in the record, where links to topics are the only mark-up."""
        places = (("content_noencode",), ("text_page_info", "content_noencode"))
        given = max((self.record.text(*place) for place in places), key=len)
        given = given or _unwritten(self._variable("content_noencode") or self._variable("desc"))
        words = _paragraphs(given or self._shown("js_text_desc") or self._shown("js_image_desc"))
        pictures = "".join(f'<p><img src="{html.escape(address)}"></p>' for address in self.pictures)
        return clean.body(words + pictures, _BASE)

    @cached_property
    def pictures(self) -> list[str]:
        """The addresses of an image post; nested covers and watermarks have a cdn_url of their own, deeper down."""
        items = self.record.items_of("picture_page_info_list")
        match = None if items else _PICTURES.search(self.text)
        with suppress(literal.Broken):
            items = literal.read_list(self.text, match.end()) if match else items
        given = (item.text("cdn_url") for item in items)
        return [html.unescape(address) for address in given if address]

    # ---- single values

    def _variable(self, name: str) -> str:
        return markup.assigned(self.text, name)

    def _shown(self, identity: str) -> str:
        return self._words(markup.opening(self.text, "id", identity))

    def _shown_class(self, name: str) -> str:
        return self._words(markup.opening(self.text, "class", name))

    def _words(self, tag: re.Match[str] | None) -> str:
        try:
            return markup.words(markup.cut(self.text, tag)) if tag else ""
        except Unreadable:
            return ""

    @property
    def _titled(self) -> str:
        match = re.search(r"<title[^<>]*>([^<]*)</title", self.text[: self._body_start], re.IGNORECASE)
        return html.unescape(match[1]) if match else ""


def _tidy(text: str) -> str:
    r"""A title or name as a reader sees it: a literal `\n`, `\x0a` or `\b` that a script left is no text."""
    text = re.sub(r"\\x0[ad]|\\[nrt](?![A-Za-z])", " ", text, flags=re.IGNORECASE)
    return folded(html.unescape(re.sub(r"\\x[01][0-9a-fA-F]|\\[bfv](?![A-Za-z])", "", text)))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())


def _canonical(link: str) -> str:
    try:
        return canonicalise(html.unescape(html.unescape(link))) if link else ""
    except BadLink:
        return ""


def _unwritten(text: str) -> str:
    r"""A text whose line breaks a script wrote as `\x0a` or `\n`."""
    return re.sub(r"\\x0a|\\n(?![A-Za-z])", "\n", text)
