"""A URL's host in its one spelling, or a refusal: no odd spellings of addresses, no names from inside a network."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import idna

from news.http.errors import FetchError, Reason

# Never on the public internet (RFC 6761, 6762, 7686, 8375, 9476), or in use inside of networks.
_INSIDE = frozenset(
    {
        *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"),
        *("svc", "arpa", "onion", "i2p", "test", "invalid", "alt"),
    }
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def host_of(raw: str) -> str:
    """`raw` as the URL has it, to an ASCII name or an IP address without brackets.

    Raises FetchError: BAD_URL for what is no host, SSRF_POLICY for what names a machine in a disguise or inside.
    """
    if raw.startswith("["):
        return _literal_6(raw)
    if _is_literal_4(raw):
        return raw
    return _name(raw)


def is_address(host: str) -> bool:
    return ":" in host or _is_literal_4(host)


def _literal_6(raw: str) -> str:
    if "%" in raw:
        raise FetchError(Reason.SSRF_POLICY, detail="an address with a zone")
    try:
        return IPv6Address(raw.removeprefix("[").removesuffix("]") if raw.endswith("]") else "").compressed
    except AddressValueError:
        raise FetchError(Reason.BAD_URL, detail="not an IPv6 address") from None


def _is_literal_4(raw: str) -> bool:
    try:
        return str(IPv4Address(raw)) == raw
    except AddressValueError:
        return False


def _name(raw: str) -> str:
    name = _ascii(raw).removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise FetchError(Reason.BAD_URL, detail="not a host name")
    # getaddrinfo takes 0x7f.1, 017700000001, 127.1 and, once mapped, circled digits for an address.
    if _NUMBER.fullmatch(labels[-1]):
        raise FetchError(Reason.SSRF_POLICY, detail="an address in disguise")
    if len(labels) == 1 or labels[-1] in _INSIDE:
        raise FetchError(Reason.SSRF_POLICY, detail="a name from inside a network")
    return name


def _ascii(raw: str) -> str:
    if len(raw) > 255:
        raise FetchError(Reason.BAD_URL, detail="the host is too long")
    if raw.isascii():
        return raw.lower()
    try:
        mapped = idna.uts46_remap(raw, std3_rules=False, transitional=False)
        return mapped if mapped.isascii() else idna.encode(mapped).decode("ascii")
    except idna.IDNAError:
        raise FetchError(Reason.BAD_URL, detail="not an international host name") from None
