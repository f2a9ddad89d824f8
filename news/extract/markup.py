"""Cutting a page without parsing all of it: one element by its opening tag, meta tags, the visible rest."""

import html
import re
from collections.abc import Iterator

from lxml import html as lxml_html

from news.extract import literal
from news.extract.base import Unreadable
from news.extract.walk import MAX_DEPTH

# Attributes as HTML reads them: a quote counts only behind "=". Possessive, so a hostile page costs one pass.
ATTRIBUTES = r"(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]*+)?+)*+>"
_REST_OF_TAG = re.compile(ATTRIBUTES)
_META = re.compile(r"<meta\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_END = re.compile(r"</html\s*>(?:\s|<script\b[^>]*>[^<]*</script\s*>|</(?:body|head)>)*+\Z", re.I)


def lean(page: bytes) -> bytes:
    """The page without its libraries: bodies of large scripts go, unless the site's own record is assigned in them.

    Nine tenths of a WeChat page of today are such scripts, and each search would go through them. In bytes, for that is
    ten times faster; each charset of our pages leaves these ASCII marks as they are, or has none (UTF-16).
    """
    if len(page) < _LARGE_PAGE:
        return page
    kept, at = [], 0
    while (start := page.find(b"<script", at)) >= 0:
        inside = page.find(b">", start) + 1
        end = page.find(b"</script", inside) if inside else -1
        if end < 0:
            break
        is_library = end - inside > _LARGE_SCRIPT and not _assigns_record(page, inside, end)
        kept.append(page[at : inside if is_library else end])
        at = end
    return b"".join(kept) + page[at:]


# What is larger than 200 KB is the site's code, or the record of WeChat's or Baidu's pages of today.
_LARGE_PAGE, _LARGE_SCRIPT, _VAST_SCRIPT = 400_000, 20_000, 200_000
_RECORDS = (b"cgiDataNew", b"jsonData", b"picture_page_info_list", b"transferTargetLink")
_ASSIGNED = re.compile(rb"\s*=\s*[\[{\"']")


def _assigns_record(page: bytes, start: int, end: int) -> bool:
    for name in _RECORDS if end - start < _VAST_SCRIPT else _RECORDS[:2]:
        at, tries = page.find(name, start, end), 0
        while at >= 0 and (tries := tries + 1) <= MAX_TRIES:
            if _ASSIGNED.match(page, at + len(name)):
                return True
            at = page.find(name, at + 1, end)
    return False


MAX_TRIES = 1000  # a page that names an id a thousand times is made to hold us up


def opening(text: str, name: str, value: str) -> re.Match[str] | None:
    """The first opening tag that carries name=value (one word of it, for class); group 1 is the tag's name.

    Looks for the value and then back for its tag: a search by tag would try every `<` of two megabytes of script.
    """
    inside = rf"[^\"'>]*\b{value}\b[^\"'>]*" if name == "class" else value
    tag = re.compile(rf"<([a-z][\w-]*)\s(?:[^<>]*?\s)?{name}\s*=\s*(?:\"{inside}\"|'{inside}'|{value}(?=[\s>/]))", re.I)
    at, tries = text.find(value), 0
    while at >= 0 and (tries := tries + 1) <= MAX_TRIES:
        start = text.rfind("<", max(0, at - 4000), at)
        if start >= 0 and (match := tag.match(text, start)):
            return match
        at = text.find(value, at + 1)
    return None


def ended(text: str) -> bool:
    """Whether the document arrived whole: nothing but comments and small scripts behind its `</html>`."""
    tail = text[-_TAIL:].rstrip()
    while tail.endswith("-->"):  # WeChat adds <!--tailTrap…</html>-->, which is no end
        tail = tail[: max(0, tail.rfind("<!--"))].rstrip()
    at = max(tail.rfind("</html"), tail.rfind("</HTML"))
    return at >= 0 and bool(_END.match(tail, at))


_TAIL = 20_000


def is_document(text: str) -> bool:
    """Whether this is a whole page rather than a piece of one."""
    return bool(re.search(r"<(?:html|body|head)[\s>]", text[:20_000], re.IGNORECASE))


def cut(text: str, match: re.Match[str], boundary: re.Pattern[str] | None = None) -> str:
    """The inside of the element whose opening tag was found.

    Only tags of its own name are counted, outside comments and scripts. An element that never closes is
    Unreadable, unless the document is whole and `boundary`, where the site's chrome begins, ends it.
    """
    start = _behind_tag(text, match.start() + 1)
    fence = boundary.search(text, start) if boundary else None
    end = _closing(text, start, match[1])
    if end < 0 and fence and ended(text):
        return text[start : fence.start()]
    if end < 0:
        raise Unreadable("unavailable", "truncated")
    return text[start : min(end, fence.start())] if fence else text[start:end]


def cut_body(text: str, match: re.Match[str], boundary: re.Pattern[str] | None = None) -> str:
    """As cut(), for the element that holds the article: Unreadable, too, where its end may have been counted wrong.

    A box within it whose opening tag was damaged still closes, and the article then ends there. What tells it is a
    closing tag behind it that nothing opened: sites write their pages by program, and none that we know has one.
    """
    inside = cut(text, match, boundary)
    start = _behind_tag(text, match.start() + 1)
    end = _closing(text, start, match[1])
    if end >= 0 and _closes_more(text, match.start(), end, match[1]):
        raise Unreadable("unavailable", "truncated")
    return inside


def _closes_more(text: str, start: int, end: int, name: str) -> bool:
    """Whether more elements of a name close behind the one from `start` to `end` than were open around it."""
    around = 0
    for at, is_end in _tags(text, 0, name):
        if at >= start:
            break
        around = max(0, around - 1) if is_end else around + 1
    for _, is_end in _tags(text, end + len("</") + len(name), name):
        around += -1 if is_end else 1
        if around < 0:
            return True
    return False


def _behind_tag(text: str, at: int) -> int:
    match = _REST_OF_TAG.match(text, at)
    if not match:
        raise Unreadable("unavailable", "truncated")
    return match.end()


def _closing(text: str, at: int, name: str) -> int:
    """Where the closing tag of an element begins, or -1. Raises Unreadable beyond MAX_DEPTH elements in each other."""
    depth = 1
    for found, is_end in _tags(text, at, name):
        depth += -1 if is_end else 1
        if not depth:
            return found
        if depth > MAX_DEPTH:
            raise Unreadable("unavailable", "too_deep")
    return -1


def _tags(text: str, at: int, name: str) -> Iterator[tuple[int, bool]]:
    """Where each tag of a name begins, and whether it closes; outside comments and scripts, to the first broken one.

    Raises Unreadable beyond MAX_TAGS of them: such a page is no better the next time, as one that was cut off may be.
    """
    tags = re.compile(rf"(?P<skip><!--|<(?:script|style)\b)|<(?P<end>/?){re.escape(name)}(?=[\s>/])", re.IGNORECASE)
    seen = 0
    while match := tags.search(text, at):
        if (seen := seen + 1) > MAX_TAGS:
            raise Unreadable("unavailable", "too_large")
        if match["skip"]:
            rest = _SKIPPED[match["skip"].lower()].search(text, match.end())
        else:
            yield match.start(), bool(match["end"])
            rest = _REST_OF_TAG.match(text, match.end())
        if not rest:
            return
        at = rest.end()


_SKIPPED = {"<!--": re.compile("-->"), **{f"<{tag}": re.compile(f"</{tag}", re.I) for tag in ("script", "style")}}


_VALUE = re.compile(
    r"(?:\s*=\s*window\.\w+)?+\s*=\s*(?:\(?\s*xml\s*\?\s*getXmlValue\([^()]*\)\s*:\s*)?(?:\w+\(\s*)?(\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+')"
    r"(?:\s*\|\|\s*(\"[^\"\n]*\"|'[^'\n]*'))?(?:\s*\|\|\s*(\"[^\"\n]*\"|'[^'\n]*'))?"
)


def assigned(text: str, name: str) -> str:
    """The first string assigned to a variable: `var ct = "1"`, `window.x = '' || '8'`, `var a = htmlDecode("…")`,
    and `d.title = xml ? getXmlValue('title.DATA') : '…'` of the older posts."""
    for declared in (f"var {name}", f"var _{name}", f"window.{name}", f" d.{name}"):
        at, tries = text.find(declared), 0
        while at >= 0 and (tries := tries + 1) <= MAX_TRIES:
            match = _VALUE.match(text, at + len(declared))
            if match and (value := next(filter(None, map(_decoded, match.groups())), "")):
                return html.unescape(value)
            at = text.find(declared, at + 1)
    return ""


def _decoded(token: str | None) -> str:
    return literal.decode(token) if token else ""


def metas(head: str) -> dict[str, str]:
    """The meta tags of a page by their property, name or itemprop; the first of each counts."""
    found: dict[str, str] = {}
    for start, end in tags(head, _META):
        given = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(head, start, end)}
        name = given.get("property") or given.get("name") or given.get("itemprop") or ""
        if name and "content" in given:
            found.setdefault(name.lower(), given["content"])
    return found


def tags(text: str, opening: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where each tag stands whose beginning `opening` finds. One that never ends swallows the rest, as in a browser."""
    at = 0
    while begun := opening.search(text, at):
        rest = _REST_OF_TAG.match(text, begun.end())
        if not rest:
            return
        yield begun.start(), rest.end()
        at = rest.end()


LONGEST_TAG = 4_000  # characters of a tag in which an attribute is looked for


def openings(text: str, name: str) -> Iterator[tuple[str, int]]:
    """The opening tags of one name, the first LONGEST_TAG characters of each, and where each ends."""
    for start, end in tags(text, re.compile(rf"<{name}\b", re.IGNORECASE)):
        yield text[start : min(end, start + LONGEST_TAG)], end


_PARSER_OPTIONS = {"encoding": "utf-8", "huge_tree": True, "remove_comments": True, "remove_pis": True}


_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BETWEEN = re.compile(r"[\s=/]+")
MAX_ATTRIBUTES = 1000
MAX_TAGS = 20_000  # the largest page seen has 4,500; each costs about 30 µs


def refuse_flood(fragment: str, most: int = MAX_TAGS) -> None:
    """Refuse tens of thousands of tags, and a tag of thousands of attributes: libxml2 compares each with each."""
    if fragment.count("<") > most:
        raise Unreadable("unavailable", "too_large")
    for piece in fragment.split(">"):
        at = piece.find("<") if len(piece) > 2 * MAX_ATTRIBUTES else -1
        if at >= 0 and len(_BETWEEN.findall(_QUOTED.sub("", piece[at:]))) > 2 * MAX_ATTRIBUTES:
            raise Unreadable("unavailable", "too_large")


def parse(fragment: str) -> lxml_html.HtmlElement:
    """A piece of HTML as one <div>. Raises Unreadable only for a flood of attributes."""
    refuse_flood(fragment)
    data = f"<div>{fragment}</div>".encode("utf-8", "replace")
    root = lxml_html.document_fromstring(data, parser=lxml_html.HTMLParser(**_PARSER_OPTIONS))
    body = root.find("body")
    return body if body is not None else root


def words(fragment: str) -> str:
    """The text of a piece of HTML, white space folded, scripts and styles out."""
    return " ".join("".join(parse(without_scripts(fragment)[0]).itertext()).split())


_UNREAD = ("script", "style", "svg", "noscript", "template", "iframe")
# Comments that end are passed a run at once: a page may hold a million.
_OPENS = re.compile(
    rf"(?P<comments>(?:<!--(?:[^-]++|-(?!->))*+-->)++)|<!--|<(?P<name>{'|'.join(_UNREAD)})(?=[\s>/])", re.IGNORECASE
)
_CLOSES = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _UNREAD} | {"": re.compile("-->")}


def without_scripts(text: str) -> tuple[str, bool]:
    """The text without comments, scripts and the like, and whether the last of them never closes."""
    kept, at = [], 0
    while opens := _OPENS.search(text, at):
        kept.append(text[at : opens.start()])
        if opens["comments"]:
            at = opens.end()
            continue
        closes = _CLOSES[(opens["name"] or "").lower()].search(text, opens.end())
        if not closes:
            return "".join(kept), True
        at = closes.end()
    return "".join(kept) + text[at:], False
