"""How often a mailbox is written to, and how often a network may ask."""

from datetime import timedelta

from django.http import HttpRequest

from digest.addresses import folded
from digest.mailing.models import Allowance
from digest.network import network
from digest.outgoing import strangers

A_MAILBOX = [(1, timedelta(hours=24)), (3, timedelta(days=30))]
A_NETWORK = [(20, timedelta(hours=1))]
KEPT = timedelta(days=30)


def may_write_to(address: str, letter: str) -> bool:
    """Count one `letter` ("confirm", "link") to the mailbox, whichever of its spellings was typed.

    A confirming letter counts with those of the trainings: it is the same stranger.
    """
    if letter == "confirm":
        return strangers.may_write_to(address)
    return Allowance.take(letter, folded(address), A_MAILBOX)


def may_ask(request: HttpRequest) -> bool:
    """Count one request of the visitor's network."""
    return Allowance.take("network", network(request), A_NETWORK)


def forget() -> None:
    """Drop the counts that no limit looks at any more."""
    Allowance.forget(KEPT)
    strangers.forget()
