"""Which network, or which one address, a visitor comes from. Limits mostly count whole networks, as one person has
many addresses of one; where a network would be too many people, they count `client`.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network(request: HttpRequest) -> str:
    """The visitor's IPv4 /24 or IPv6 /64, or "unknown"."""
    address = _address(request)
    return _within(address, 24 if address.version == 4 else 64) if address else "unknown"


def client(request: HttpRequest) -> str:
    """The visitor's IPv4 address, or IPv6 /64, as one machine has many addresses of it; or "unknown"."""
    address = _address(request)
    return (str(address) if address.version == 4 else _within(address, 64)) if address else "unknown"


def _within(address: Address, bits: int) -> str:
    return str(ipaddress.ip_network((address, bits), strict=False))


def _address(request: HttpRequest) -> Address | None:
    """Every proxy appends to X-Forwarded-For whom it saw. Only what our own TRUSTED_PROXIES ones wrote is believed."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        said = hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else said
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
