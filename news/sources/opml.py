"""Sources out as OPML 2.0 and in again (opml.org/spec2.opml): what goes out comes in equal.

Feeds stand as every reader writes them (type rss, xmlUrl); what only we know is in attributes of our own namespace.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from lxml import etree

from news.extract import charset
from news.extract.base import Unreadable
from news.models import BOXES, Source
from news.sources import KINDS, xml
from news.sources.base import SourceError, Trouble
from news.sources.form import check_address, check_options
from news.text import folded

OURS = "urn:jianbao:source"
MAX_BYTES, MAX_OUTLINES, MAX_DEPTH = 2 * 2**20, 5000, 20
MOST_NAMESAKES = 99  # sources of one name, told apart by a number
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=30)


class Fate(models.TextChoices):
    """What became of an outline. Closed list."""

    ADDED = "added", _("已加入")
    KNOWN = "known", _("已有")
    REFUSED = "refused", _("不能加入")


@dataclass(frozen=True)
class Found:
    """One source as an OPML file has it."""

    name: str
    kind: str
    address: str
    options: dict[str, Any] = field(default_factory=dict)
    cadence: timedelta = timedelta(hours=1)
    is_active: bool = True


@dataclass(frozen=True)
class Outcome:
    found: Found
    fate: Fate
    advice: str = ""


def dump(sources: Iterable[Source]) -> bytes:
    """An OPML file of `sources`, a folder an outline; boxes that people drop links into are left out."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"jianbao": OURS})
    head, body = etree.SubElement(root, "head"), etree.SubElement(root, "body")
    etree.SubElement(head, "title").text = "Jianbao"
    etree.SubElement(head, "dateCreated").text = timezone.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    for source in sources:
        if source.kind not in BOXES:
            etree.SubElement(_folder(body, str(source.options.get("folder") or "")), "outline", _attributes(source))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _folder(body: xml.Element, path: str) -> xml.Element:
    at = body
    for name in filter(None, path.split("/")):
        inside = (node for node in at if node.get("text") == name and node.get("type") is None)
        found = next(inside, None)
        at = found if found is not None else etree.SubElement(at, "outline", {"text": name})
    return at


def _attributes(source: Source) -> dict[str, str]:
    is_feed = source.kind == "feed"
    options = {name: value for name, value in source.options.items() if name != "folder"}
    told = {
        "text": source.name,
        "type": "rss" if is_feed else "jianbao",
        **({"xmlUrl": source.address} if is_feed else {f"{{{OURS}}}address": source.address}),
        f"{{{OURS}}}kind": source.kind,
        f"{{{OURS}}}cadence": str(int(source.cadence.total_seconds())),
        f"{{{OURS}}}active": "1" if source.is_active else "0",
        f"{{{OURS}}}options": json.dumps(options, ensure_ascii=False, sort_keys=True),
    }
    return {name: xml.printable(value) for name, value in told.items()}


def load(data: bytes) -> list[Found]:
    """The sources in an OPML file. Raises SourceError for what is none, is too large, or declares entities."""
    if len(data) > MAX_BYTES:
        raise SourceError("too_large", f"{len(data)} bytes")
    try:
        text = charset.decode(data)
    except Unreadable as told:
        raise SourceError(Trouble.UNREADABLE, told.reason) from told
    if "<!DOCTYPE" in text[:100_000].upper() or "<!ENTITY" in text.upper():
        raise SourceError(Trouble.HOSTILE, "DOCTYPE")
    root = xml.parse(text)
    body = next((node for node in root if xml.local(node) == "body"), None) if root is not None else None
    if root is None or xml.local(root) != "opml" or body is None:
        raise SourceError(Trouble.NO_LIST, "no OPML")
    return list(_outlines(body))


def _outlines(body: xml.Element) -> Iterator[Found]:
    waiting = [(node, "", 1) for node in reversed(body) if xml.local(node) == "outline"]
    seen = 0
    while waiting and (seen := seen + 1) <= MAX_OUTLINES:
        node, folder, depth = waiting.pop()
        if found := _found(node, folder):
            yield found
        elif depth < MAX_DEPTH:
            name = folded(node.get("text") or node.get("title") or "").replace("/", "／")[:50]
            inner = f"{folder}/{name}".strip("/")
            waiting += [(child, inner, depth + 1) for child in reversed(node) if xml.local(child) == "outline"]


def _found(node: xml.Element, folder: str) -> Found | None:
    """The source of an outline; None where it is a folder."""
    given = {str(name).rpartition("}")[2].lower(): value for name, value in node.attrib.items()}
    kind = node.get(f"{{{OURS}}}kind") or "feed"
    address = (given.get("xmlurl") or node.get(f"{{{OURS}}}address") or "").strip()
    if not address and kind == "feed":
        return None
    return Found(
        name=folded(given.get("text") or given.get("title") or address)[:100],
        kind=kind,
        address=address,
        options=_options(node.get(f"{{{OURS}}}options") or "") | ({"folder": folder[:200]} if folder else {}),
        cadence=_cadence(node.get(f"{{{OURS}}}cadence") or ""),
        is_active=node.get(f"{{{OURS}}}active") != "0",
    )


def _options(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _cadence(text: str) -> timedelta:
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 3600
    return min(max(timedelta(seconds=seconds), SHORTEST), LONGEST)


def take_in(found: Iterable[Found]) -> list[Outcome]:
    """Add what is not there yet, each checked as the form at the desk checks it."""
    there = _There()
    return [_add(one, there) for one in found]


class _There:
    """What the site has already, read once: a query and a try for each name would cost the square of a file."""

    def __init__(self) -> None:
        rows = Source.objects.values_list("name", "kind", "address", "options")
        self.names = {name for name, _kind, _address, _options in rows}
        self.sources = {(kind, address, _plain(options)) for _name, kind, address, options in rows}
        self._tried: Counter[str] = Counter()  # numbers given to a name

    def free_names(self, name: str) -> Iterator[str]:
        """The name, or the name with the next number that is free, up to MOST_NAMESAKES."""
        while (number := self._tried[name] + 1) <= MOST_NAMESAKES:
            self._tried[name] = number
            free = name if number == 1 else f"{name[:95]} {number}"
            if free not in self.names:
                yield free


def _add(one: Found, there: _There) -> Outcome:
    if one.kind not in KINDS or one.kind in BOXES:
        return Outcome(one, Fate.REFUSED, str(_("不认识的来源类型。")))
    try:
        address = check_address(one.kind, one.address)
        options = check_options(one.kind, one.options)
    except ValidationError as bad:
        return Outcome(one, Fate.REFUSED, " ".join(bad.messages))
    if (one.kind, address, _plain(options)) in there.sources:
        return Outcome(one, Fate.KNOWN)
    return _made(one, address, options, there)


def _plain(options: dict[str, Any]) -> str:
    """What tells two sources of one address apart."""
    told = {name: value for name, value in options.items() if name not in ("folder", "text") and value}
    return json.dumps(told, sort_keys=True)


def _made(one: Found, address: str, options: dict[str, Any], there: _There) -> Outcome:
    for name in there.free_names(one.name):
        try:
            with transaction.atomic():
                Source.objects.create(
                    name=name,
                    kind=one.kind,
                    address=address,
                    options=options,
                    cadence=one.cadence,
                    is_active=one.is_active,
                )
        except IntegrityError:  # somebody took the name meanwhile
            continue
        there.names.add(name)
        there.sources.add((one.kind, address, _plain(options)))
        return Outcome(one, Fate.ADDED)
    return Outcome(one, Fate.REFUSED, str(_("同名的来源太多，请改名后再导入。")))
