"""Tokens: made once, shown once, looked up by their hash."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.functions import Now

from digest.intake.models import Token

PREFIX = "jb_"  # so that people and scanners of leaked secrets see what it is
_BYTES = 32


def make(
    name: str, scopes: Sequence[str], expires_at: datetime | None = None, by: User | None = None
) -> tuple[Token, str]:
    """A new token and its secret, which is kept nowhere."""
    secret = fresh()
    token = Token(name=name, scopes=list(scopes), expires_at=expires_at, made_by=by)
    put(token, secret)
    token.save()
    return token, secret


def fresh() -> str:
    return PREFIX + secrets.token_urlsafe(_BYTES)


def put(token: Token, secret: str) -> None:
    """Give an unsaved token its secret."""
    token.digest, token.hint = _digest(secret), secret[:8]


def find(secret: str) -> Token | None:
    """The token that is good now, and note that it was used.

    The database compares hashes: how long it takes says nothing of the secret. A token whose maker lost the account
    is good for nothing.
    """
    good = Token.objects.filter(Q(expires_at=None) | Q(expires_at__gt=Now()), is_revoked=False)
    good = good.exclude(made_by__is_active=False)
    token = good.select_related("made_by").filter(digest=_digest(secret)).first()
    if token:
        Token.objects.filter(pk=token.pk).update(used_at=Now())
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
