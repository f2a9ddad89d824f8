"""How often a mailbox is written to, and how often a network may ask. Counted in the database for all processes."""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from digest.mailing.addresses import folded
from digest.mailing.models import Allowance

# A limit on networks cannot defend the person who is written to: this one stands on the mailbox itself (P5).
A_MAILBOX = [(1, timedelta(hours=24)), (3, timedelta(days=30))]
A_NETWORK = [(20, timedelta(hours=1))]
KEPT = timedelta(days=30)


def may_write_to(address: str, letter: str) -> bool:
    """Count one `letter` ("confirm", "link") to the mailbox, whichever of its spellings was typed."""
    return Allowance.take(f"{letter}:{_mark(folded(address))}", A_MAILBOX)


def may_ask(request: HttpRequest) -> bool:
    """Count one request of the visitor's network."""
    return Allowance.take(f"network:{_mark(network(request))}", A_NETWORK)


def network(request: HttpRequest) -> str:
    """The visitor's /24 or /64. Of X-Forwarded-For only what our own TRUSTED_PROXIES proxies wrote is believed."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        said = hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else said
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def forget() -> None:
    """Drop the counts that no limit looks at any more."""
    Allowance.objects.filter(recent__0__lt=Now() - KEPT).delete()


def _mark(text: str) -> str:
    """Neither networks nor addresses are kept, only a keyed hash of them."""
    return salted_hmac("digest.mailing.limits", text, algorithm="sha256").hexdigest()
