"""How often one network may send a form. Counted in the database, so that all web processes count together.

A form that was refused counts too. Whole companies sit behind one address, so the limits are generous: they stop a
script, not a class that signs up together.
"""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from digest.events.models import Attempt

AN_HOUR = {"signup": 60, "offer": 10}
KEPT = timedelta(days=1)

_COUNT = """
INSERT INTO events_attempt (form, network, hour, count)
VALUES (%s, %s, date_trunc('hour', statement_timestamp()), 1)
ON CONFLICT (form, network, hour) DO UPDATE SET count = events_attempt.count + 1
RETURNING count
"""


def allows(form: str, request: HttpRequest) -> bool:
    """Count this attempt; whether the visitor's network may send this form once more in this hour."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [form, _key(network_of(request))])
        (count,) = cursor.fetchone()
    return count <= AN_HOUR[form]


def network_of(request: HttpRequest) -> str:
    """The visitor's IPv4 address or IPv6 /64, as the outermost trusted proxy saw it.

    Each proxy appends to X-Forwarded-For what it saw, so only the last TRUSTED_PROXIES entries can be believed.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        address = (seen[-settings.TRUSTED_PROXIES :] or [address])[0]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def forget_old_attempts() -> None:
    Attempt.objects.filter(hour__lt=Now() - KEPT).delete()


def _key(network: str) -> str:
    return salted_hmac("digest.events.limits", network, algorithm="sha256").hexdigest()
