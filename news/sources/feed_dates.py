"""The times of feeds: RFC 822 with all its offences, ISO 8601, epoch seconds and Chinese dates."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from news.extract import dates
from news.extract.base import BEIJING

_OFFSET = re.compile(r"(?:GMT|UTC)\s*([+-]\d)(?::?(\d{2}))?$")


def moment(said: str) -> datetime | date | None:
    """The time that a feed says, or None. Without a zone it is RFC 822's UTC for English dates, China's else."""
    said = said.strip()[:100]
    if not said:
        return None
    if re.fullmatch(r"\d{9,13}", said):
        return dates.from_epoch(said)
    if re.match(r"(?:19|20)\d\d\D", said):
        return dates.from_shown(said)
    try:
        found = parsedate_to_datetime(_OFFSET.sub(lambda m: f"{m[1][0]}0{m[1][1]}{m[2] or '00'}", said))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(BEIJING)
    except (ValueError, IndexError, TypeError, OverflowError):
        return dates.from_shown(said)
