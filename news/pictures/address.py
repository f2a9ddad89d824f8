"""What a picture is shown under: its key with our signature. Nobody else can make such an address (P15).

A signature does not expire: letters and feed readers keep an address for years, it tells nothing that the page did
not, and it fetches nothing. What ends it is the row: a picture that was forgotten is answered with 404.
After a change of SECRET_KEY old addresses hold for as long as the old key stands in SECRET_KEY_FALLBACKS.
"""

import re

from django.core.signing import BadSignature, Signer

from news.models import Picture

PREFIX = "/pictures/"


def address_of(picture: Picture) -> str:
    """The path on this site; letters and feeds put SITE_URL before it."""
    return PREFIX + _signer().sign(picture.key)


def markdown_of(picture: Picture) -> str:
    """What an editor copies into an item's text; what the picture shows is to be written between the brackets."""
    plain = re.fullmatch(r"[!-~]+", picture.url) and not re.search(r"[()<>\\]", picture.url)
    return f"![]({picture.url if plain else PREFIX + picture.key})"


def key_in(token: str) -> str | None:
    """The key that `token`, the address behind PREFIX, names; None where we did not sign it."""
    try:
        return _signer().unsign(token)
    except BadSignature:
        return None


def _signer() -> Signer:
    return Signer(sep=".", salt="jianbao.picture")
