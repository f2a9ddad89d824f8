"""What production refuses to start with (P20), and the key that local mode makes for itself."""

import ipaddress
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOCAL_NAMES = {"", "localhost", "localdomain", "local", "ip6-localhost", "ip6-loopback"}  # whole, or after the last dot
RELAYS = ("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")
WORDS_OF_EXAMPLES = ("change", "secret", "example", "insecure", "django-")


def problems(given: Mapping[str, Any], environment: Mapping[str, str], base: Path) -> list[str]:
    """One line for each unsafe setting, with what to do; empty when production may start."""
    found = [*given["env"].wrong.values(), *(line for line in _lines(given) if line)]
    found += filter(None, [open_env_file(base)])
    if environment.get("JIANBAO_TESTING"):
        found.append("JIANBAO_TESTING is set: it is for the tests only, unset it")
    return [f"jianbao: refusing to start: {line}" for line in found]


def open_env_file(base: Path) -> str:
    """What is wrong with a `.env` that others can read, else "". Local mode starts with it, and `make run` says so."""
    file = base / ".env"
    is_open = file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    return ".env can be read by other users: chmod 600 .env" if is_open else ""


def _lines(given: Mapping[str, Any]) -> list[str]:
    hosts, site = given["ALLOWED_HOSTS"], urlsplit(given["SITE_URL"])
    return [
        "DEBUG is on: unset DEBUG" if given["DEBUG"] else "",
        *_of_keys(given),
        "ALLOWED_HOSTS is empty: name the host of SITE_URL" if not hosts else "",
        "ALLOWED_HOSTS holds a wildcard: name each host" if any("*" in h or h.startswith(".") for h in hosts) else "",
        "SITE_URL must begin with https://" if site.scheme != "https" else "",
        "SITE_URL is a loopback address, or no site's: give the public one" if _is_local(site.hostname or "") else "",
        f"SITE_URL's host {site.hostname} is not in ALLOWED_HOSTS" if hosts and site.hostname not in hosts else "",
        "DATABASE_URL is missing: production runs on a PostgreSQL of its own" if not given["DATABASE_URL"] else "",
        "REDIS_URL is missing: production runs on a Valkey or Redis of its own" if not given["REDIS_URL"] else "",
        *_of_mail(given),
        "" if given["SECURE_SSL_REDIRECT"] else "SECURE_SSL_REDIRECT is off: unset SECURE_SSL_REDIRECT",
        "" if given["SECURE_HSTS_SECONDS"] else "SECURE_HSTS_SECONDS is 0: unset it, or write 300 while you are trying",
    ]


def _of_keys(given: Mapping[str, Any]) -> Iterator[str]:
    if not given["SECRET_KEY"]:
        yield "SECRET_KEY is missing: set it to 50 or more random characters"
    for name, keys in (("SECRET_KEY", [given["SECRET_KEY"]]), ("SECRET_KEY_FALLBACKS", given["SECRET_KEY_FALLBACKS"])):
        for key in filter(None, keys):
            if len(key) < 50:
                yield f"{name} is too short: use 50 or more random characters"
            elif len(set(key)) < 10:
                yield f"{name} repeats itself: use random characters"
            if any(word in key.lower() for word in WORDS_OF_EXAMPLES):
                yield f"{name} is taken from an example: use random characters"


def _of_mail(given: Mapping[str, Any]) -> Iterator[str]:
    if not given["EMAIL_URL"]:
        yield "EMAIL_URL is missing: without it no mail leaves"
    elif not given["EMAIL_URL"].startswith(RELAYS):
        yield f"EMAIL_URL is no relay's: it must begin with {' or '.join(RELAYS)}"
    for name, setting in (("FROM_EMAIL", "DEFAULT_FROM_EMAIL"), ("NEWSLETTER_FROM_EMAIL", "NEWSLETTER_FROM_EMAIL")):
        if _is_local(parseaddr(given[setting])[1].rpartition("@")[2]):
            yield f"{name} is missing or of this machine: set the address that mails come from"


def _is_local(host: str) -> bool:
    """Whether it names this machine, this link or no machine. A private address may be a site's: that of a company."""
    host = host.lower().rstrip(".").removeprefix("[").removesuffix("]")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2] in LOCAL_NAMES
    address = getattr(address, "ipv4_mapped", None) or address
    kinds = ("is_loopback", "is_unspecified", "is_link_local", "is_multicast", "is_reserved")
    return any(getattr(address, kind) for kind in kinds)


def local_secret_key(var: Path) -> str:
    """The key of the local mode: made once, readable by its owner only."""
    path = var / "secret_key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        var.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(fresh, path)  # the first of two starting processes wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text(encoding="ascii")
