"""How often one network may send a form.

A form that is sent back with an error counts too. Whole companies sit behind one address, so the limits are generous:
they stop a script, not a class that signs up together.
"""

from datetime import timedelta

from django.http import HttpRequest

from digest.events.models import Allowance
from digest.network import network

AN_HOUR = timedelta(hours=1)
A_NETWORK = {"signup": [(60, AN_HOUR)], "offer": [(10, AN_HOUR)]}
KEPT = timedelta(days=1)


def may_send(form: str, request: HttpRequest) -> bool:
    """Count one sending of `form` ("signup", "offer") by the visitor's network."""
    return Allowance.take(form, network(request), A_NETWORK[form])


def forget() -> None:
    """Drop the counts that no limit looks at any more."""
    Allowance.forget(KEPT)
