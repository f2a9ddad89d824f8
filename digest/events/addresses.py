"""E-mail addresses as people type them, made one string a mailbox; what could not be sent to is refused."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets


def normalise_address(typed: str) -> str:
    """Folded to lower case, full-width signs narrowed, the domain in ASCII. Raises ValidationError.

    Django's validator lets through what later cannot be sent to, or is a second spelling of a mailbox: invisible
    signs, İ, domains without a dot, addresses in brackets, parts that are too long.
    """
    address = unicodedata.normalize("NFKC", typed).strip().casefold()
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        raise _refused() from None
    address = f"{local}@{domain}"
    if not local.isascii() or len(local) > 64 or len(address) > LONGEST or "." not in domain or "[" in domain:
        raise _refused()
    try:
        validate_email(address)
    except ValidationError:
        raise _refused() from None
    return address


def _refused() -> ValidationError:
    return ValidationError(_("请输入有效的邮箱地址。"), code="invalid")
