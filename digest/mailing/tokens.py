"""The links in our letters: who holds one may do what it says, and nothing else.

Two kinds. The *lasting* links (preferences, unsubscribe) are the subscriber's random handle and a MAC of the purpose
under the subscriber's own 128-bit secret: they work for as long as the row exists, whatever happens to SECRET_KEY, and
the link of one purpose or person says nothing of another's. The secret is stored as it is, not hashed, because each
issue needs the links again; who can read the table could as well change it. The *confirming* link is signed with
SECRET_KEY (and its fallbacks) and ends after seven days, or when the address was unsubscribed since.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.core import signing
from django.urls import reverse

from digest.mailing.models import Subscriber

Purpose = Literal["preferences", "unsubscribe"]
CONFIRM_WITHIN = timedelta(days=7)
_SALT = "digest.mailing.confirm"
_MAC_CHARACTERS = 32  # 128 bits


class Expired(Exception):
    """A genuine confirming link that is too old, or from before an unsubscribing; a new one may be asked for."""

    def __init__(self, subscriber: Subscriber) -> None:
        super().__init__(subscriber.pk)
        self.subscriber = subscriber


def lasting(subscriber: Subscriber, purpose: Purpose) -> str:
    mac = hmac.new(bytes.fromhex(subscriber.secret), purpose.encode(), hashlib.sha256).hexdigest()
    return subscriber.handle + mac[:_MAC_CHARACTERS]


def holder(token: str, purpose: Purpose) -> Subscriber | None:
    """The subscriber whose lasting link this is."""
    handle = token[:16].replace("\0", "")  # which PostgreSQL would not even be asked about
    subscriber = Subscriber.objects.filter(handle=handle).first()
    # Compared even where nobody has that handle: the time taken says nothing.
    genuine = hmac.compare_digest(lasting(subscriber or _nobody(), purpose).encode(), token.encode())
    return subscriber if subscriber and genuine else None


def confirming(subscriber: Subscriber) -> str:
    return signing.dumps([subscriber.handle, subscriber.round], salt=_SALT)


def confirms(token: str) -> Subscriber:
    """The subscriber whom this link may confirm. Raises signing.BadSignature, or Expired with the subscriber."""
    handle, number = signing.loads(token, salt=_SALT)
    subscriber = Subscriber.objects.filter(handle=handle).first()
    if subscriber is None:
        raise signing.BadSignature("the subscriber is gone")
    try:
        signing.loads(token, salt=_SALT, max_age=CONFIRM_WITHIN)
    except signing.SignatureExpired:
        raise Expired(subscriber) from None
    if subscriber.round != number:
        raise Expired(subscriber)
    return subscriber


def preferences_url(subscriber: Subscriber) -> str:
    return settings.SITE_URL + reverse("preferences", args=[lasting(subscriber, "preferences")])


def unsubscribe_url(subscriber: Subscriber) -> str:
    return settings.SITE_URL + reverse("unsubscribe", args=[lasting(subscriber, "unsubscribe")])


def confirm_url(subscriber: Subscriber) -> str:
    return settings.SITE_URL + reverse("confirm", args=[confirming(subscriber)])


def _nobody() -> Subscriber:
    return Subscriber(handle="0" * 16, secret="0" * 32)
