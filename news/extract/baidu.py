"""Reads a Baijiahao page: the hashed classes of 2025 by their data-testid, the plain ones of 2019, and bare bodies."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from news.canonical import BadLink, canonicalise
from news.extract import clean, dates, markup, states
from news.extract.base import Page, Unreadable
from news.text import folded

SITE = "baidu"
_HOSTS = ("baijiahao.baidu.com", "mbd.baidu.com", "wappass.baidu.com")
_MARKS = (
    'data-testid="article"', "window.jsonData", "百度安全验证", "wappass.baidu.com", "bjh-p", "mkdjump",
    "index-module_articleWrap", "index-module_textWrap",
)  # fmt: skip
_REPORT = re.compile(  # bounded, for the body is hostile
    r"<(\w+)[^<>]{0,500}>\s*举报/反馈\s*</\1>|<(\w+)[^<>]{0,300}data-testid=\"report-btn\"[^<>]{0,300}>[^<]*</\2>"
)


def recognises(text: str, host: str) -> bool:
    return host in _HOSTS or any(mark in text for mark in _MARKS)


def read(text: str, url: str = "") -> Page:
    """The page, or Unreadable with its state; a bare body element is a page of kind "fragment"."""
    whole = markup.is_document(text)
    record = _record(text)
    body = _body(text, record)
    kind = "video" if _is_video(record) else "article"
    if not (body.text or body.images or (kind == "video" and record.get("header"))):
        raise states.notice(text) or Unreadable("unavailable", "empty")
    if whole and not markup.ended(text):
        raise Unreadable("unavailable", "truncated")
    metas = markup.metas(text[: text.find("<body") + 1 or 20_000])
    author = record.get("infoBaiJiaHao")
    return Page(
        state="ok",
        site=SITE,
        kind=kind if whole else "fragment",
        title=_first(
            record.get("header") or record.get("title"),
            _shown(text, "class", "article-title"),
            _hashed(text, "articleTitle"),
            _titled(text) if whole else "",
        ),
        account=_first(
            author.get("name") if isinstance(author, dict) else "",
            _shown(text, "data-testid", "author-name"),
            _shown(text, "class", "author-name"),
            _hashed(text, "authorName"),
        ),
        published=_published(text, metas),
        original={1: True, 0: False}.get(record.get("original_status", -1)),
        canonical_url=_canonical(text, url, record),
        html=body.html,
        text=body.text,
        images=body.images,
        hidden=body.hidden,
    )


def _record(text: str) -> dict[str, Any]:
    """The article in window.jsonData, which is real JSON."""
    match = re.search(r"window\.jsonData\s*=\s*(?=\{)", text)
    try:
        data = json.JSONDecoder().raw_decode(text, match.end())[0] if match else {}
        items = [item["itemData"] for item in data["bsData"]["superlanding"]]
        found = next((item for item in items if item.get("sections")), items[0])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_video(record: dict[str, Any]) -> bool:
    sections = record.get("sections")
    kinds = (
        [section.get("type") for section in sections if isinstance(section, dict)] if isinstance(sections, list) else []
    )
    return ("video" in kinds and "text" not in kinds) or bool(record.get("videoInfo"))


def _body(text: str, record: dict[str, Any]) -> clean.Body:
    for found in _boxes(text, record):
        body = clean.body(found, "https://baijiahao.baidu.com/")
        if body.text or body.images:
            return body
    return body


def _boxes(text: str, record: dict[str, Any]) -> Iterator[str]:
    """Where the body may stand: the shown one first, then the page's own record of it."""
    tag = markup.opening(text, "data-testid", "article") or markup.opening(text, "class", "article-content")
    if tag:
        yield _without_report(markup.cut_body(text, tag))
    elif wrap := _module(text, "articleWrap"):
        inside = markup.cut_body(text, wrap)
        head = _module(inside, "headerWrap")
        yield _without_report(inside.replace(markup.cut(inside, head), "", 1) if head else inside)
    yield _sections(record)


def _without_report(inside: str) -> str:
    markup.refuse_flood(inside)
    return _REPORT.sub("", inside)


def _module(text: str, name: str) -> re.Match[str] | None:
    """The first element of a class that the build gave a hash: index-module_articleWrap_2Zphx."""
    at = text.find(f"index-module_{name}_")
    start = text.rfind("<", 0, at) if at >= 0 else -1
    return re.compile(r"<([a-z][\w-]*)\s[^<>]*>").match(text, start) if start >= 0 else None


def _hashed(text: str, name: str) -> str:
    return _words(text, _module(text, name))


def _sections(record: dict[str, Any]) -> str:
    """The body as the record lists it: texts with mark-up, pictures with captions; a short post's text and pictures."""
    sections = record.get("sections")
    parts = []
    for section in sections if isinstance(sections, list) else []:
        if not isinstance(section, dict):
            continue
        if section.get("type") == "text":
            parts.append(f"<p>{section.get('content', '')}</p>")
        elif section.get("type") == "img":
            parts.append(_picture(section.get("link"), section.get("caption")))
    return "".join(parts) or _post(record)


def _picture(address: object, caption: object = "") -> str:
    return f'<p><img src="{html.escape(str(address or ""))}"></p><p>{html.escape(str(caption or ""))}</p>'


def _post(record: dict[str, Any]) -> str:
    said = next((record[name] for name in ("content", "desc", "abstract") if isinstance(record.get(name), str)), "")
    pictures: list[object] = next(
        (record[name] for name in ("images", "imgs") if isinstance(record.get(name), list)), []
    )
    addresses = [item if isinstance(item, str) else item.get("link") or item.get("src") or item.get("url")
                 for item in pictures if isinstance(item, str | dict)]  # fmt: skip
    return "".join([f"<p>{line}</p>" for line in said.splitlines()] + [_picture(found) for found in addresses if found])


def _published(text: str, metas: dict[str, str]) -> datetime | date | None:
    shown = metas.get("dateupdate") or _shown(text, "data-testid", "updatetime")
    if found := dates.from_shown(shown):
        return found
    short = re.search(r"(\d\d)-(\d\d-\d\d)\s+(\d\d:\d\d)", _hashed(text, "articleSource") or _hashed(text, "date"))
    return dates.from_shown(f"20{short[1]}-{short[2]} {short[3]}") if short else None


def _canonical(text: str, url: str, record: dict[str, Any]) -> str:
    source = record.get("readsrc")
    own = str(source.get("link") or "") if isinstance(source, dict) else ""
    saved = re.search(r"https?://baijiahao\.baidu\.com/s\?id=\d+", text[:500])
    for link in (url, own, saved[0] if saved else ""):
        try:
            if link and (found := canonicalise(link)).startswith("https://baijiahao."):
                return found
        except BadLink:
            continue
    return ""


def _titled(text: str) -> str:
    match = re.search(r"<title[^<>]*>([^<]*)</title", text[:50_000], re.IGNORECASE)
    return html.unescape(match[1]) if match else ""


def _shown(text: str, name: str, value: str) -> str:
    return _words(text, markup.opening(text, name, value))


def _words(text: str, tag: re.Match[str] | None) -> str:
    try:
        return markup.words(markup.cut(text, tag)) if tag else ""
    except Unreadable:
        return ""


def _first(*given: object) -> str:
    return next((found for found in (folded(value) for value in given if isinstance(value, str)) if found), "")
