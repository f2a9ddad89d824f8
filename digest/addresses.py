"""One spelling a mailbox: which addresses we take, and how they are written down."""

import re
import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

LONGEST, LONGEST_LOCAL = 254, 64  # RFC 5321, 4.5.3.1, and its erratum 1690
LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # dot-atom, RFC 5322
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# What a Chinese keyboard in full-width mode types, and the ideographic full stop between the labels of a host.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3002: ".", 0xFF61: "."}
ROLES = {"abuse", "admin", "hostmaster", "info", "no-reply", "noreply", "postmaster", "root", "support", "webmaster"}


def normalise(typed: str) -> str:
    """The address as it is stored and mailed: full width folded, lower case, the domain as xn--.

    Stricter than Django's EmailValidator on purpose: whatever it lets through that no relay can deliver (a hidden
    character, a non-ASCII local part, an address literal, `localhost`) would be a row that fails at send time.
    Raises ValidationError.
    """
    text = typed.strip(" \t\r\n\u3000")
    if len(text) > LONGEST:
        raise _refused()
    local, at, domain = text.translate(FULL_WIDTH).rpartition("@")
    if not at or any(unicodedata.category(character).startswith("C") for character in text):
        raise _refused()  # UTS 46 would drop a zero-width space and make two spellings of one host
    if not local.isascii():
        raise ValidationError(gettext("@ 之前只能用英文字母、数字和常见符号。"), code="local")
    local = local.lower()
    if len(local) > LONGEST_LOCAL or not LOCAL.fullmatch(local):
        raise _refused()
    address = f"{local}@{_host(domain)}"
    if len(address) > LONGEST:
        raise _refused()
    return address


def folded(address: str) -> str:
    """The mailbox that several spellings reach: no +tag, at Gmail no dots. For limits only, never for mail."""
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def is_role(address: str) -> bool:
    """Whether an office rather than a person reads this mailbox (RFC 2142)."""
    return address.rpartition("@")[0].partition("+")[0] in ROLES


def _host(domain: str) -> str:
    domain = domain.lower()
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
        except idna.IDNAError:
            raise _refused() from None
    labels = domain.split(".")
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
        raise _refused()
    if labels[-1].isdigit() or labels[-1] == "localhost":
        raise _refused()
    return domain


def _refused() -> ValidationError:
    return ValidationError(gettext("请填写一个有效的邮箱地址，例如 name@example.com。"), code="address")
