"""Grades one page that was read against its label, field by field. Pure; the rules are those of the shared corpus.

| field | right when |
|---|---|
| state | equal, or one of `state_alt` |
| title, account | equal once normalised; null wants none; a text post's title may be the beginning of its text |
| date | equal to the minute in +08:00, or one of `published_alt`; a bare date wants that day |
| text | every `must_contain` inside, none of `must_not_contain`; length within 5 % of `body_chars`, less what may go |
| images | within one, or a tenth |

A page whose state is not ok is graded on its state and on having no text.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from news.extract import Page
from news.extract.base import BEIJING
from news.text import normalise, visible

FIELDS = ("state", "title", "account", "date", "text", "images")
SLACK = 0.05
_SPACE = re.compile(r"\s+")


def grade(label: dict[str, Any], page: Page) -> dict[str, bool]:
    """Which fields are right; fields that the label's state leaves out are not there."""
    found = {"state": page.state in (label["state"], *label.get("state_alt", ())), "text": _is_text_right(label, page)}
    if label["state"] != "ok":
        return found
    dates = (label["published"], *label.get("published_alt", ()))
    return found | {
        "title": _is_title_right(label, page.title),
        "account": normalise(page.account) == normalise(label["account"] or ""),
        "date": any(_is_same_moment(wanted, page.published) for wanted in dates),
        "images": abs(page.images - label["images"]) <= max(1, label["images"] / 10),
    }


def _is_title_right(label: dict[str, Any], title: str) -> bool:
    if label["title"] is not None:
        return normalise(title) == normalise(label["title"])
    if not normalise(title):
        return True
    beginning = re.sub(r"(\.{3}|…+)$", "", _squeezed(title))
    return 0 < len(beginning) <= 100 and _squeezed(label.get("body_start") or "").startswith(beginning)


def _is_text_right(label: dict[str, Any], page: Page) -> bool:
    flat = _squeezed(page.text)
    if label["state"] == "ok" and (not flat or any(_squeezed(part) not in flat for part in label["must_contain"])):
        return False
    if any(_squeezed(part) in flat for part in label.get("must_not_contain", ()) if _squeezed(part)):
        return False
    length = len(_SPACE.sub("", visible(page.text)))  # not NFKC, which would change the count
    least = (label["body_chars"] - label.get("optional_chars", 0)) * (1 - SLACK)
    return bool(least <= length <= label["body_chars"] * (1 + SLACK))


def _is_same_moment(wanted: str | None, found: datetime | date | None) -> bool:
    if wanted is None or found is None:
        return wanted is None and found is None
    if len(wanted) == len("2026-01-01"):
        return found.isoformat()[:10] == wanted
    if not isinstance(found, datetime):
        return False
    moment = datetime.fromisoformat(wanted)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
    return moment.replace(second=0, microsecond=0) == found.replace(second=0, microsecond=0)


def _squeezed(text: str) -> str:
    return _SPACE.sub("", visible(unicodedata.normalize("NFKC", text)))
