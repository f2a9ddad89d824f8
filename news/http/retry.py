"""Retry-After in both its forms (RFC 9110, 10.2.3), to seconds."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 24 * 3600


def retry_after(value: str, now: datetime | None = None) -> int | None:
    """Seconds to wait, a day at most; None for what is no time, or one that is over."""
    value = value.strip()
    if re.fullmatch("[0-9]{1,10}", value):
        return min(int(value), LONGEST_S)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    seconds = (until - (now or datetime.now(UTC))).total_seconds()
    return min(int(seconds), LONGEST_S) if seconds >= 1 else None
