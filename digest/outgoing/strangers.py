"""How often a mailbox is written to that confirmed nothing: whatever asks it to confirm, and whoever typed it (P5).

A limit on networks cannot defend the person who is written to: this one stands on the mailbox itself.
"""

from datetime import timedelta

from digest.addresses import folded
from digest.outgoing.models import Allowance

A_MAILBOX = [(1, timedelta(hours=24)), (3, timedelta(days=30))]
KEPT = timedelta(days=30)


def may_write_to(address: str) -> bool:
    """Count one letter to the mailbox, whichever of its spellings was typed."""
    return Allowance.take("stranger", folded(address), A_MAILBOX)


def has_confirmed(address: str) -> None:
    """Take back the count of the letter that was answered: it went to no stranger."""
    Allowance.give_back("stranger", folded(address))


def forget() -> None:
    """Drop the counts that no limit looks at any more."""
    Allowance.forget(KEPT)
