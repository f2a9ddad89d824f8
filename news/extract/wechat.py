"""Reads a page of a WeChat official account: articles of 2017 to today, image and text posts, reposts, share cards."""

import html
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from news.canonical import BadLink, canonicalise
from news.extract import clean, dates, literal, markup, states
from news.extract.base import Page, Unreadable
from news.text import folded, sentences

SITE = "wechat"
_BASE = "https://mp.weixin.qq.com/"
_CHROME = re.compile(
    r"<(?:div|p|a|span)\s[^<>]*(?:id=\"(?:js_tags_preview_toast|content_bottom_area|js_temp_bottom_area|js_pc_qr_code|js_toobar3"
    r"|js_sg_bar|js_sponsor_ad_area|js_iframetest|page_bottom_area)\"|class=\"(?:rich_media_tool|qr_code_pc|rich_media_area_extra)\b)"
)
_ASSIGNS = re.compile(r"cgiDataNew\s*=\s*(?=\{)")
_KINDS = {"5": "video", "7": "audio", "8": "image_share", "10": "text_share"}


def recognises(text: str, host: str) -> bool:
    """By content, for a page may be handed in without its address."""
    return host == "mp.weixin.qq.com" or "js_content" in text or "cgiDataNew" in text or "weui-msg" in text


def read(text: str, url: str = "") -> Page:
    """The page, or Unreadable with its state. A body counts only when the document arrived whole."""
    source = _Source(text)
    post = source.kind in ("image_share", "text_share")
    body = source.post_body if post else source.article_body
    if body is None or not (body.text or body.images or source.kind in ("video", "audio")):
        raise states.notice(text) or Unreadable("unavailable", "empty")
    if markup.is_document(text) and not markup.ended(text):
        raise Unreadable("unavailable", "truncated")
    if source.is_preview:
        raise Unreadable("paid", "preview")
    return Page(
        state="ok",
        site=SITE,
        kind=source.kind if markup.is_document(text) else "fragment",
        title=source.title or (_first_words(body.text) if source.kind == "text_share" else ""),
        account=source.account,
        byline=source.byline,
        published=source.published,
        original=source.original,
        source_url=source.reposted_from,
        canonical_url=source.canonical_url,
        html=body.html,
        text=body.text,
        images=len(source.pictures) if source.kind == "image_share" and source.pictures else body.images,
        hidden=body.hidden,
    )


def _first_words(text: str) -> str:
    """A text post often has no title; its first sentence serves."""
    first = next(iter(sentences(text)), None)
    return first.text[:60] if first else ""


@dataclass(frozen=True)
class _Source:
    """The places where a WeChat page says a thing, each read when asked for.

    `cgiDataNew` is the page's own record, a JavaScript literal. Older pages set variables; the oldest only show.
    """

    text: str

    @cached_property
    def record(self) -> literal.Literal:
        best = literal.Literal()
        at = self.text.find("cgiDataNew")
        while at >= 0:
            if match := _ASSIGNS.match(self.text, at):
                try:
                    best = max(best, literal.read_object(self.text, match.end()), key=len)
                except literal.Broken:
                    best = best or literal.Literal()
            at = self.text.find("cgiDataNew", at + 1)
        return best

    @cached_property
    def metas(self) -> dict[str, str]:
        return markup.metas(self.text[: self._body_start])

    @cached_property
    def _body_start(self) -> int:
        return self.text.find("<body") if "<body" in self.text else 60_000

    @cached_property
    def kind(self) -> str:
        kind = _KINDS.get(self.record.text("item_show_type") or self._variable("item_show_type"), "article")
        if kind != "article" or self._copyright != "2":
            return kind
        return "repost" if self._content_box else "share_card"

    @cached_property
    def title(self) -> str:
        """The first that says something: og:title, msg_title, the record's, #activity-name, <title>."""
        if self.kind == "text_share" and self.record and self.record.text("text_page_info", "is_user_title") == "0":
            return ""
        for given in (
            self.metas.get("og:title", ""),
            self._variable("msg_title"),
            self.record.text("title"),
            self._shown("activity-name"),
            self._titled,
        ):
            if title := _tidy(given):
                return title
        return ""

    @cached_property
    def account(self) -> str:
        names = (
            self.record.text("nick_name"),
            self._variable("nickname"),
            self._shown("js_name"),
            self._shown("post-user"),
            self._shown_class("profile_nickname"),
        )
        return next(filter(None, map(_tidy, names)), "")

    @cached_property
    def byline(self) -> str:
        names = (self.metas.get("og:article:author", ""), self.record.text("author"), self._shown("js_author_name"))
        return next(filter(None, map(_tidy, names)), "")

    @cached_property
    def published(self) -> datetime | date | None:
        """Creation in epoch seconds; never svr_time, which is the time of the visit. Else what the page shows."""
        for value in (
            self.record.text("ori_create_time"),
            self.record.text("create_timestamp"),
            self._variable("ct"),
            self._variable("oriCreateTime"),
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
        return {"1": True, "0": False, "2": False}.get(self._copyright)

    @cached_property
    def _copyright(self) -> str:
        stat = self.record.text("copyright_info", "copyright_stat")
        return stat or self._variable("copyright_stat")

    @property
    def reposted_from(self) -> str:
        """The original's address: in the record, or on the share card's link."""
        if self._copyright != "2":
            return ""
        tag = markup.opening(self.text, "id", "js_share_source")
        card = re.search(r"data-url=\"([^\"]+)\"", self.text[tag.start() : tag.end() + 600]) if tag else None
        before = re.search(r"data-url=\"([^\"]+)\"", tag[0]) if tag else None
        shown = before or card
        return _canonical(self.record.text("copyright_info", "reprint_url")) or _canonical(shown[1] if shown else "")

    @property
    def canonical_url(self) -> str:
        for given in (self.metas.get("og:url", ""), self.record.text("link"), self._variable("msg_link")):
            if link := _canonical(given):
                return link
        return _canonical(self._saved_from)

    @property
    def _saved_from(self) -> str:
        match = re.search(r"<!-- saved from url=\(\d+\)(\S+) -->", self.text[:2000])
        return match[1] if match else ""

    @property
    def is_preview(self) -> bool:
        """A paid article of which the visitor has not bought the rest."""
        record = self.record
        if record.text("is_pay_subscribe") == "1" or self._variable("isPaySubscribe") == "1":
            return record.text("user_info", "is_paid") != "1" and self._variable("isPaid") != "1"
        return "pay-preview-filter" in self._content_box or "js_pay_preview_filter" in self._content_box

    # ---- bodies

    @cached_property
    def _content_box(self) -> str:
        """What stands in #js_content, when there is more than white space."""
        tag = markup.opening(self.text, "id", "js_content")
        inside = markup.cut(self.text, tag, _CHROME) if tag else ""
        return inside if inside.strip() else ""

    @property
    def article_body(self) -> clean.Body | None:
        """#js_content, or the record's text where the box is empty (share cards fill it by script)."""
        for found in (self._content_box, self.record.text("content_noencode")):
            body = clean.body(found, _BASE) if found else None
            if body and (body.text or body.images):
                return body
        return clean.body(_paragraphs(self.record.text("desc")), _BASE) if self.record else None

    @property
    def post_body(self) -> clean.Body | None:
        """Image and text posts: plain text in the record, where links to topics are the only mark-up."""
        places = (("content_noencode",), ("text_page_info", "content_noencode"))
        given = max((self.record.text(*place) for place in places), key=len)
        words = _paragraphs(given or self._shown("js_text_desc") or self._shown("js_image_desc"))
        pictures = "".join(f'<p><img src="{html.escape(address)}"></p>' for address in self.pictures)
        return clean.body(words + pictures, _BASE)

    @cached_property
    def pictures(self) -> list[str]:
        """The addresses of an image post; nested covers and watermarks have a cdn_url of their own, deeper down."""
        given = (item.text("cdn_url") for item in self.record.items_of("picture_page_info_list"))
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
        match = re.search(r"<title[^>]*>([^<]*)</title", self.text[: self._body_start], re.IGNORECASE)
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
