"""What the value of a setting may be. Standard library only: it is asked before Django is set up."""

import ipaddress
import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from digest import sender

TRIAL_MAIL = ("consolemail", "filemail", "memorymail", "dummymail")  # Django's: none of them reaches a mailbox
TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    must: str  # after "NAME must": "be a whole number from 1 to 65535"
    fits: Callable[[str], bool]
    is_shown: bool = True  # False: the value may hold a password, so no message repeats it

    def problem(self, name: str, value: str) -> str:
        """What to write instead, "" where the value is good."""
        try:
            is_good = self.fits(value.strip())
        except (ValueError, LookupError, OSError):
            is_good = False
        shown = f", not {value[:80]!r}" if self.is_shown else ""
        return "" if is_good else f"{name} must {self.must}{shown}"


class Sender(Kind):
    """Unquoted, a name with a comma is two addresses, and letters fail or come from nobody."""

    def problem(self, name: str, value: str) -> str:
        unfit = super().problem(name, value)
        unquoted = "" if unfit else sender.problem(value)
        return f"{name}: {unquoted}" if unquoted else unfit


def whole(low: int, high: int) -> Kind:
    fits: Callable[[str], bool] = lambda v: bool(re.fullmatch(r"[0-9]{1,12}", v)) and low <= int(v) <= high  # noqa: E731
    return Kind(f"be a whole number from {low} to {high}", fits)


def number(low: float, high: float) -> Kind:
    return Kind(f"be a number from {low:g} to {high:g}", lambda v: math.isfinite(float(v)) and low <= float(v) <= high)


def one_of(*names: str) -> Kind:
    *most, last = names
    return Kind(f"be {', '.join(most)} or {last}" if most else f"be {last}", lambda v: v in names)


def matching(must: str, pattern: str) -> Kind:
    return Kind(must, lambda v: re.fullmatch(pattern, v) is not None)


def each(kind: Kind, must: str) -> Kind:
    """A list with commas."""
    return Kind(must, lambda v: all(kind.fits(one.strip()) for one in v.split(",") if one.strip()), kind.is_shown)


def schemes(*names: str) -> Kind:
    must = f"begin with {' or '.join(f'{name}://' for name in names)}"
    return Kind(must, lambda v: v.partition("://")[0] in names and "://" in v, is_shown=False)


def is_host(text: str) -> bool:
    """A name of letters, digits and hyphens, or an IP address in its usual form: not "127.1"."""
    text = text.removeprefix("[").removesuffix("]") if text.startswith("[") else text
    try:
        ipaddress.ip_address(text)
    except ValueError:
        labels = text.encode("idna").decode("ascii").rstrip(".").split(".") if text else [""]
        return all(_LABEL.fullmatch(one) for one in labels) and not re.fullmatch(
            r"[0-9]+|0x[0-9a-f]*", labels[-1], re.I
        )
    return True


def _is_address(text: str) -> bool:
    """One mailbox, perhaps with a name before it."""
    return is_host(sender.address(text).rpartition("@")[2])


def _is_site(text: str) -> bool:
    parts = urlsplit(text)
    extra = parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/")
    return is_host(parts.hostname or "") and not extra and (parts.port is None or parts.port > 0)


def _names_a_server(text: str) -> bool:
    parts = urlsplit(text)
    if parts.scheme in TRIAL_MAIL:
        return True
    return bool(parts.hostname) and (parts.port is None or parts.port > 0)


def _names_a_database(text: str) -> bool:
    parts = urlsplit(text)
    return parts.path.strip("/") != "" and (parts.port is None or parts.port > 0)


def _names_a_queue(text: str) -> bool:
    parts = urlsplit(text)
    return parts.path.strip("/") != "" if parts.scheme == "unix" else _names_a_server(text)


SWITCH = Kind("be true or false", lambda v: v.lower() in TRUE + FALSE)
LINE = Kind("be one line of at most 200 characters", lambda v: len(v) <= 200 and v.isprintable())
HEADER = Kind(
    "be one line of at most 200 ASCII characters", lambda v: len(v) <= 200 and v.isascii() and v.isprintable()
)
SITE = Kind("hold a host and at most a port: no path, name or password", _is_site, is_shown=False)
SERVER = Kind("name a host, and a port from 1 to 65535 if any", _names_a_server, is_shown=False)
DATABASE = Kind("end with the name of a database or the path of a socket's folder", _names_a_database, is_shown=False)
QUEUE = Kind("name a host or the path of a socket", _names_a_queue, is_shown=False)
HOST = Kind("be a host name or an IP address", is_host)
HOSTS = each(Kind("", lambda v: is_host(v.removeprefix(".")) or v == "*"), "be host names without port, with commas")
ADDRESS = Sender("be an email address, or NAME <ADDRESS>", _is_address)
ADDRESSES = each(ADDRESS, "be email addresses, with commas")
ZONE = Kind("be a time zone such as Asia/Shanghai", lambda v: ZoneInfo(v).key == v)
FILE = Kind("be the path of a file that can be read", lambda v: Path(v).is_file() and os.access(v, os.R_OK))
FOLDER = Kind("be the path of a folder", lambda v: v.isprintable() and (Path(v).is_dir() or not Path(v).exists()))
SECRET = Kind("", lambda v: True, is_shown=False)  # digest/production.py looks at keys
ANY = Kind("", lambda v: True)
