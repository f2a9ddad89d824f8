"""Which IP addresses are public unicast: a deny-list for IPv4, an allow-list for IPv6.

Not `ipaddress.is_global`: it says True for NAT64, v4-compatible, mapped carrier-grade and multicast addresses.
Sources: the IANA special-purpose registries for IPv4 and IPv6, RFC 6890, and the clouds' own metadata addresses.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_DENIED_4 = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; a cloud keeps its metadata in it
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent, on an address that looks public
        "169.254.0.0/16",  # link-local, metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
_GLOBAL_6 = IPv6Network("2000::/3")
_DENIED_6 = [
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the old test network
        "3fff::/20",  # documentation
    )
]


def is_public(address: str) -> bool:
    """Whether we may connect to `address`, an IP address in text. False too for what is no address, or has a zone."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _public_4(found) if isinstance(found, IPv4Address) else _public_6(found)


def _public_4(address: IPv4Address) -> bool:
    return not any(address in network for network in _DENIED_4)


def _public_6(address: IPv6Address) -> bool:
    if address.scope_id or address not in _GLOBAL_6:
        return False
    return not any(address in network for network in _DENIED_6)
