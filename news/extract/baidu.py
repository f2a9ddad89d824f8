"""Reads a Baijiahao page: the hashed classes of 2025 by their data-testid, the plain ones of 2019, and bare bodies."""

import html
import json
import re
from datetime import date, datetime
from typing import Any

from news.canonical import BadLink, canonicalise
from news.extract import clean, dates, markup, states
from news.extract.base import Page, Unreadable
from news.text import folded

SITE = "baidu"
_HOSTS = ("baijiahao.baidu.com", "mbd.baidu.com", "wappass.baidu.com")
_MARKS = ('data-testid="article"', "window.jsonData", "百度安全验证", "wappass.baidu.com", "bjh-p", "mkdjump")
_REPORT = re.compile(r"<(\w+)[^>]*data-testid=\"report-btn\"[^>]*>[^<]*</\1>")


def recognises(text: str, host: str) -> bool:
    return host in _HOSTS or any(mark in text for mark in _MARKS)


def read(text: str, url: str = "") -> Page:
    """The page, or Unreadable with its state; a bare body element is a page of kind "fragment"."""
    whole = markup.is_document(text)
    record = _record(text)
    body = _body(text, record)
    if not (body.text or body.images):
        raise states.notice(text) or Unreadable("unavailable", "empty")
    if whole and not markup.ended(text):
        raise Unreadable("unavailable", "truncated")
    metas = markup.metas(text[: text.find("<body") + 1 or 20_000])
    author = record.get("infoBaiJiaHao")
    return Page(
        state="ok",
        site=SITE,
        kind="article" if whole else "fragment",
        title=_first(record.get("header"), _shown(text, "class", "article-title"), _titled(text) if whole else ""),
        account=_first(
            author.get("name") if isinstance(author, dict) else "",
            _shown(text, "data-testid", "author-name"),
            _shown(text, "class", "author-name"),
        ),
        published=_published(text, metas),
        original={1: True, 0: False}.get(record.get("original_status", -1)),
        canonical_url=_canonical(text, url),
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
        items = data["bsData"]["superlanding"]
        found = items[0]["itemData"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _body(text: str, record: dict[str, Any]) -> clean.Body:
    tag = markup.opening(text, "data-testid", "article") or markup.opening(text, "class", "article-content")
    found = _REPORT.sub("", markup.cut(text, tag)) if tag else ""
    body = clean.body(found, "https://baijiahao.baidu.com/")
    if body.text or body.images:
        return body
    return clean.body(_sections(record), "https://baijiahao.baidu.com/")


def _sections(record: dict[str, Any]) -> str:
    """The body as the record lists it: texts with mark-up, pictures with captions."""
    sections = record.get("sections")
    parts = []
    for section in sections if isinstance(sections, list) else []:
        if not isinstance(section, dict):
            continue
        if section.get("type") == "text":
            parts.append(f"<p>{section.get('content', '')}</p>")
        elif section.get("type") == "img":
            parts.append(f'<p><img src="{html.escape(str(section.get("link", "")))}"></p>')
            parts.append(f"<p>{html.escape(str(section.get('caption', '')))}</p>")
    return "".join(parts)


def _published(text: str, metas: dict[str, str]) -> datetime | date | None:
    shown = metas.get("dateupdate") or _shown(text, "data-testid", "updatetime")
    return dates.from_shown(shown)


def _canonical(text: str, url: str) -> str:
    saved = re.search(r"https?://baijiahao\.baidu\.com/s\?id=\d+", text[:500])
    for link in (url, saved[0] if saved else ""):
        try:
            if link and (found := canonicalise(link)).startswith("https://baijiahao."):
                return found
        except BadLink:
            continue
    return ""


def _titled(text: str) -> str:
    match = re.search(r"<title[^>]*>([^<]*)</title", text[:50_000], re.IGNORECASE)
    return html.unescape(match[1]) if match else ""


def _shown(text: str, name: str, value: str) -> str:
    tag = markup.opening(text, name, value)
    try:
        return markup.words(markup.cut(text, tag)) if tag else ""
    except Unreadable:
        return ""


def _first(*given: object) -> str:
    return next((found for found in (folded(value) for value in given if isinstance(value, str)) if found), "")
