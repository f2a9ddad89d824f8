"""What production refuses to start with (P20), and the key that local mode makes for itself."""

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from digest import sender

LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}
WORDS_OF_EXAMPLES = ("change", "secret", "example", "insecure", "django-")


def problems(given: Mapping[str, Any], environment: Mapping[str, str], base: Path) -> list[str]:
    """One line for each unsafe setting, with what to do; empty when production may start."""
    found = [line for line in _lines(given) if line]
    env_file = base / ".env"
    if env_file.exists() and stat.S_IMODE(env_file.stat().st_mode) & 0o077:
        found.append(".env can be read by other users: chmod 600 .env")
    if environment.get("JIANBAO_TESTING"):
        found.append("JIANBAO_TESTING is set: it is for the tests only, unset it")
    return [f"jianbao: refusing to start: {line}" for line in found]


def _lines(given: Mapping[str, Any]) -> list[str]:
    key, hosts, site = given["SECRET_KEY"], given["ALLOWED_HOSTS"], urlsplit(given["SITE_URL"])
    return [
        "DEBUG is on: unset DEBUG" if given["DEBUG"] else "",
        "SECRET_KEY is missing: set it to 50 or more random characters" if not key else "",
        "SECRET_KEY is too short: use 50 or more random characters" if 0 < len(key) < 50 else "",
        "SECRET_KEY repeats itself: use random characters" if len(key) >= 50 and len(set(key)) < 10 else "",
        "SECRET_KEY is taken from an example: use random characters"
        if any(word in key.lower() for word in WORDS_OF_EXAMPLES)
        else "",
        "ALLOWED_HOSTS is empty: name the host of SITE_URL" if not hosts else "",
        "ALLOWED_HOSTS holds a wildcard: name each host" if any("*" in h or h.startswith(".") for h in hosts) else "",
        "SITE_URL must begin with https://" if site.scheme != "https" else "",
        "SITE_URL is a loopback address: give the public one" if (site.hostname or "") in LOOPBACK else "",
        f"SITE_URL's host {site.hostname} is not in ALLOWED_HOSTS" if hosts and site.hostname not in hosts else "",
        "DATABASE_URL is missing: production runs on a PostgreSQL of its own" if not given["DATABASE_URL"] else "",
        "REDIS_URL is missing: production runs on a Valkey or Redis of its own" if not given["REDIS_URL"] else "",
        "EMAIL_URL is missing: without it no mail leaves" if not given["EMAIL_URL"] else "",
        "FROM_EMAIL is missing: set the address that mails come from"
        if "localhost" in given["DEFAULT_FROM_EMAIL"]
        else "",
        *_senders(given),
    ]


def _senders(given: Mapping[str, Any]) -> list[str]:
    """Unquoted, a name with a comma is two addresses, and letters fail or come from nobody."""
    named = {"FROM_EMAIL": given["DEFAULT_FROM_EMAIL"], "NEWSLETTER_FROM_EMAIL": given["NEWSLETTER_FROM_EMAIL"]}
    return [f"{name}: {wrong}" for name, value in named.items() if (wrong := sender.problem(value))]


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
