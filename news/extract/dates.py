"""Times as Chinese pages give them: epoch seconds, ISO 8601, 2026年4月3日 08:25, and 昨天. All are read in +08:00."""

import re
from datetime import date, datetime, timedelta

from news.extract.base import BEIJING

_SHOWN = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*(?:[-/.]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[\sT,，]{0,3}(?P<hour>\d{1,2})[:：时](?P<minute>\d{2})(?:[:：分](?P<second>\d{2}))?(?:[.]\d{1,9})?"
    r"\s{0,2}(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_AGO = (("今天", 0), ("昨天", 1), ("前天", 2), ("1周前", 7))


def from_epoch(value: str) -> datetime | None:
    """Epoch seconds (or milliseconds) as text; None for 0, for text, and for years that cannot be."""
    if not re.fullmatch(r"\d{9,13}", value):
        return None
    seconds = int(value) // 1000 if len(value) > 11 else int(value)
    return datetime.fromtimestamp(seconds, BEIJING) if 946_684_800 < seconds < 4_102_444_800 else None


def from_shown(text: str, visit: datetime | None = None) -> datetime | date | None:
    """The first time in a text; a bare date stays one. 昨天 and 2月18日 count from `visit`, when it was downloaded."""
    if match := _SHOWN.search(text[:500]):
        return _moment(match)
    return _relative(text[:100], visit.astimezone(BEIJING).date()) if visit else None


def _moment(match: re.Match[str]) -> datetime | date | None:
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if not match["hour"]:
            return day
        clock = f"{int(match['hour']):02}:{match['minute']}:{match['second'] or '00'}"
        zone = (match["zone"] or "+08:00").replace("Z", "+00:00")
        return datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(BEIJING)
    except (ValueError, OverflowError):
        return None


def _relative(text: str, today: date) -> date | None:
    for word, days in _AGO:
        if word in text:
            return today - timedelta(days)
    if match := re.search(r"(\d{1,2})天前", text):
        return today - timedelta(int(match[1]))
    if match := re.search(r"(\d{1,2})月(\d{1,2})日", text):
        return _last(int(match[1]), int(match[2]), today)
    return None


def _last(month: int, day: int, today: date) -> date | None:
    """The latest such day that is not after today."""
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
