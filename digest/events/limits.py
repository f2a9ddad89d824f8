"""How often one network may send a form, and how often a mailbox is asked to confirm.

A form that is sent back with an error counts too. Whole companies sit behind one address, so the limits are generous:
they stop a script, not a class that signs up together.
"""

from datetime import timedelta

from django.http import HttpRequest

from digest.addresses import folded
from digest.events.models import Allowance, Signup
from digest.network import network
from digest.outgoing import strangers

AN_HOUR = timedelta(hours=1)
A_NETWORK = {"signup": [(60, AN_HOUR)], "offer": [(10, AN_HOUR)]}
A_KNOWN_MAILBOX = [(5, timedelta(days=1))]
KEPT = timedelta(days=1)


def may_send(form: str, request: HttpRequest) -> bool:
    """Count one sending of `form` ("signup", "offer") by the visitor's network."""
    return Allowance.take(form, network(request), A_NETWORK[form])


def may_ask_to_confirm(address: str) -> bool:
    """Count one letter that asks the mailbox to confirm. One that confirmed before is no stranger's."""
    if Signup.objects.confirmed().filter(email=address).exists():
        return Allowance.take("confirm", folded(address), A_KNOWN_MAILBOX)
    return strangers.may_write_to(address)


def forget() -> None:
    """Drop the counts that no limit looks at any more."""
    Allowance.forget(KEPT)
