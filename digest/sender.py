"""The sender of mails as a setting gives it, `name <address>`: taken apart, judged and written correctly (RFC 5322)."""

import re
from email.utils import formataddr, unquote

_MAILBOX = re.compile(
    r"(?:(?P<name>[^<>]*?)\s*<(?P<bracketed>[^<>\s,;]+@[^<>\s,;@]+)>|(?P<bare>[^<>\s,;]+@[^<>\s,;@]+))"
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SPECIALS = re.compile(r'[()\[\]:;@\\,"]')  # RFC 5322, 3.2.3; a dot is left out, every mailbox reads "A.I. Digest"


def split(given: str) -> tuple[str, str]:
    """The name without its quotes, perhaps empty, and the address. Raises ValueError where there is not one address."""
    found = _MAILBOX.fullmatch(given.strip())
    if found is None or not given.isprintable():
        raise ValueError(f"no sender: {given!r}")
    name = (found["name"] or "").strip()
    return unquote(name) if _QUOTED.fullmatch(name) else name, found["bracketed"] or found["bare"]


def quoted(given: str) -> str:
    """As it may stand in a header, and as every parser understands it. Raises ValueError as `split` does."""
    name, address = split(given)
    if name.isascii():
        return formataddr((name, address))
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>' if _SPECIALS.search(name) else f"{name} <{address}>"


def address(given: str) -> str:
    return split(given)[1]


def problem(given: str) -> str:
    """What an operator should change about it; empty where it is right."""
    try:
        name, _address = split(given)
    except ValueError:
        return "write it as: name <name@example.org>"
    # `given` begins with the name: a name that was quoted differs from what stands there.
    if _SPECIALS.search(name) and given.strip().startswith(name):
        return f"the name needs double quotes: {quoted(given)}"
    return ""
