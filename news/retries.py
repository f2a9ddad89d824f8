"""What is tried again by itself, and when: one table. What is not in it waits for a person."""

import random
from datetime import timedelta

from news.models import DropReason

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

# Within one visit: the longest wait before the next try of a fetch that brought nothing, by the number of tries so far.
FETCH_WAITS = (1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR)
FETCH_TRIES = len(FETCH_WAITS) + 1

# What the error of a drop begins with that has a rule of its own.
TRUNCATED, RATE_LIMITED = "truncated: the page ends too early", "rate_limited: "

# Of an article that was dropped: how long until it is sent back to the beginning, the first, the second, … time.
# deleted, violation, temporary_expired, bad_request, paid, moved, refused, not_found, unreadable, boilerplate, robots:
# never, for the answer would be the same. Failed and by_editor: a person's word is needed.
RULES: dict[str, tuple[timedelta, ...]] = {
    DropReason.UNAVAILABLE: (6 * HOUR, 24 * HOUR, 72 * HOUR),
    DropReason.BLOCKED: (1 * HOUR, 6 * HOUR, 24 * HOUR),
    DropReason.UNREACHABLE: (6 * HOUR, 24 * HOUR),
    DropReason.EMPTY: (24 * HOUR,),
    # Sharper than the drop reason tells:
    TRUNCATED: FETCH_WAITS,  # like a network error; dropped as unreachable
    RATE_LIMITED: (15 * MINUTE, 1 * HOUR, 6 * HOUR, 24 * HOUR),  # "too often"; dropped as blocked
}


def rule_of(reason: str, error: str) -> str:
    """Which line of the table holds for an article that was dropped so."""
    if reason == DropReason.BLOCKED and error.startswith(RATE_LIMITED):
        return RATE_LIMITED
    if reason == DropReason.UNREACHABLE and error.startswith(TRUNCATED):
        return TRUNCATED
    return reason


def next_try(rule: str, retries: int) -> timedelta | None:
    """How long until an article goes back by itself that did so `retries` times already; None: no more.

    Up to a quarter longer than the rule says, so that what failed together does not come back together.
    """
    waits = RULES.get(rule, ())
    return waits[retries] * random.uniform(1, 1.25) if retries < len(waits) else None  # noqa: S311  no secret


def backoff(tries: int) -> timedelta:
    """How long until the next try of a fetch, after so many: full jitter (P14), but never less than a fifth."""
    longest = FETCH_WAITS[min(max(tries, 1), len(FETCH_WAITS)) - 1]
    return longest * random.uniform(0.2, 1)  # noqa: S311  no secret
