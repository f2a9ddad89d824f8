"""Reads a page of a site we do not know: trafilatura finds the body, the page's own metadata the rest."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from lxml import etree

from news.canonical import BadLink, canonicalise
from news.extract import clean, dates, markup, states
from news.extract.base import Page, Unreadable
from news.extract.walk import MAX_DEPTH
from news.text import folded

SITE = "generic"
_SHORT = 100  # characters; a page that says less is a notice, whatever its words: known ones or not
_NOTICE_TITLE, _BRIEF = 15, 400  # a notice may say it in its title alone, beside whatever chrome
# What trafilatura and lxml raise on a page that is broken beyond them; the page is then without a body.
_BROKEN = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError, etree.LxmlError)


def recognises(text: str, host: str) -> bool:
    """Every page that no site claims."""
    return True


def read(text: str, url: str = "") -> Page:
    """The page, or Unreadable with its state. A page whose boxes do not close did not arrive whole."""
    bare, open_script = markup.without_scripts(text)
    markup.refuse_flood(bare)  # before anything counts its tags; no later visit finds fewer
    if open_script or _is_cut_off(text, bare):
        raise Unreadable("unavailable", "truncated")
    told = states.notice(text)
    if told and (told.state == "blocked" or len(markup.words(bare)) < _SHORT):
        raise told
    body = _body(bare, url)
    if told and len(body.text) < _SHORT:
        raise told
    if not body.text or (len(body.text) < _SHORT and markup.is_document(text)):
        raise Unreadable("unavailable", "empty")
    metas, linked = markup.metas(text), _linked_data(text)
    title = _first(metas.get("og:title"), linked.get("headline"), _inside(bare, "h1"), _inside(bare, "title"))
    if len(title) <= _NOTICE_TITLE and len(body.text) < _BRIEF and (told := states.of_words(title)):
        raise told
    return Page(
        state="ok",
        site=SITE,
        kind="article" if markup.is_document(text) else "fragment",
        title=title,
        account=_first(metas.get("og:site_name"), _name(linked.get("publisher")), metas.get("application-name")),
        byline=_first(metas.get("author"), metas.get("article:author"), _name(linked.get("author"))),
        published=_published(bare, metas, linked),
        canonical_url=_canonical(bare, metas),
        html=_H1.sub("", body.html, count=1),
        text=body.text.removeprefix(f"{title}\n"),
        images=body.images,
        hidden=body.hidden,
    )


_BOX = re.compile(r"<(/?)(div|section|article|main|blockquote|ul|ol|table|span|b|i|em|strong|font|a)\b", re.IGNORECASE)
_LARGE_BOX = re.compile(r"<(/?)(?:div|section|article|main|body|table)\b", re.IGNORECASE)


_H1 = re.compile(r"^<h1>[^<]*</h1>")  # trafilatura puts the title over the body


def _is_cut_off(text: str, bare: str) -> bool:
    """HTML lets a page leave out `</html>`; a page that stops within a tag, a script or a box was cut off."""
    lower = bare.lower()
    if lower.rfind("<title>") > lower.rfind("</title"):
        return True  # it swallows the rest, and the mark-up would be the text
    if markup.is_document(text) and markup.ended(text):
        return False
    if bare.rfind("<") > bare.rfind(">"):
        return True
    ends = [bool(slash) for slash in _LARGE_BOX.findall(bare)]
    return ends.count(False) > ends.count(True)


def _body(bare: str, url: str) -> clean.Body:
    _refuse_depth(bare)
    return clean.body(_marked_part(bare) if _is_heavy(bare) else _main_part(bare, url), url)


# trafilatura takes 100 µs a tag and 5 µs a word, several times over. Tags, and characters without scripts.
HEAVY_TAGS, HEAVY_PAGE = 5_000, 150_000
_MARKED = [re.compile(rf"<({name})(?=[\s>])", re.IGNORECASE) for name in ("main", "article")]


def _is_heavy(bare: str) -> bool:
    return len(bare) > HEAVY_PAGE or bare.count("<") > HEAVY_TAGS


def _marked_part(bare: str) -> str:
    """Of a page too large for trafilatura: what the page itself marks as its main part, or all of it.

    The longest of several: the others are teasers. What is not marked keeps its chrome, which loses nothing.
    """
    for opening in _MARKED:
        parts, at = [], 0
        while match := opening.search(bare, at):
            parts.append(markup.cut(bare, match))
            at = match.end() + len(parts[-1])
        if parts:
            return max(parts, key=len)
    return bare


def _refuse_depth(bare: str) -> None:
    """trafilatura parses by itself: what would hold the parser is refused before it."""
    depth = 0
    for slash, _ in _BOX.findall(bare):
        depth = max(0, depth - 1) if slash else depth + 1
        if depth > MAX_DEPTH:
            raise Unreadable("unavailable", "too_deep")


def _main_part(bare: str, url: str) -> str:
    """The article's HTML as trafilatura finds it; imported late, for it is slow to load and rarely needed."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs every page it finds nothing on as an error
    try:
        found = trafilatura.extract(
            bare,
            url=url or None,
            output_format="html",
            include_comments=False,
            include_images=True,
            include_links=True,
            include_formatting=True,
            include_tables=True,
            with_metadata=False,
        )
    except _BROKEN:
        return ""
    return re.sub(r"<(/?)graphic\b", r"<\1img", found or "")


def _linked_data(text: str) -> dict[str, Any]:
    """The first JSON-LD object of the page that is an article."""
    for tag, end in markup.openings(text, "script"):
        script = _SCRIPT.match(text, end) if "application/ld+json" in tag.lower() else None
        try:
            for thing in _things(json.loads(script[1])) if script else ():
                if "headline" in thing or "datePublished" in thing:
                    return thing
        except (ValueError, RecursionError):
            continue
    return {}


def _things(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        yield from _things(data.get("@graph"))
    elif isinstance(data, list):
        for item in data:
            yield from _things(item)


_SCRIPT = re.compile(r"([^<]*)</script", re.IGNORECASE)
_DATETIME = re.compile(r"\bdatetime=[\"']([^\"']{8,40})[\"']")
_IS_CANONICAL = re.compile(r"\brel=[\"']?canonical\b", re.IGNORECASE)
_SHOWN_DATE = re.compile(r"(?:发布时间|发布于|发布日期|时间|日期)\s*[:：]\s*((?:19|20)\d\d[^<]{5,24})")


def _published(bare: str, metas: dict[str, str], linked: dict[str, Any]) -> datetime | date | None:
    """Only what the page declares as its publication; a date in the running text may be any date."""
    names = "article:published_time og:published_time datepublished pubdate publishdate date dc.date"
    given = [metas.get(name) for name in names.split()] + [linked.get("datePublished")]
    times = (_DATETIME.search(tag) for tag, _end in markup.openings(bare, "time"))
    given += islice((time[1] for time in times if time), 1)
    given += _SHOWN_DATE.findall(bare)[:1]
    found = (dates.from_shown(value) for value in given if isinstance(value, str))
    return next((moment for moment in found if moment), None)


def _canonical(bare: str, metas: dict[str, str]) -> str:
    link = next((tag for tag, _end in markup.openings(bare, "link") if _IS_CANONICAL.search(tag)), "")
    href = re.search(r"\bhref=[\"']?([^\"'\s>]+)", link)
    for address in (href[1] if href else "", metas.get("og:url", "")):
        try:
            if address:
                return canonicalise(address)
        except BadLink:
            continue
    return ""


def _inside(bare: str, tag: str) -> str:
    """What stands in the first element of this name that is at most 2,000 characters long."""
    closing = re.compile(rf"</{tag}\s*>", re.IGNORECASE)
    for _tag, start in islice(markup.openings(bare, tag), markup.MAX_TRIES):
        if (closed := closing.search(bare, start + 1, start + 2010)) and closed.start() <= start + 2000:
            return markup.words(bare[start : closed.start()])
    return ""


def _name(thing: object) -> str:
    thing = thing[0] if isinstance(thing, list) and thing else thing
    name = thing.get("name") if isinstance(thing, dict) else thing
    return name if isinstance(name, str) else ""


def _first(*given: object) -> str:
    return next((found for found in (folded(value) for value in given if isinstance(value, str)) if found), "")
