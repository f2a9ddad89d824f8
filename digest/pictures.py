"""Shows the pictures that we keep, under addresses that only we can sign (P15). Nothing is fetched here.

What is not there yet is answered with nothing to see, and what cannot be had with a quiet sign of our own: neither a
broken image nor a site's hot-link refusal ever shows, and nobody is sent outside.
"""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from news.models import Picture, PictureState
from news.pictures import EXTENSIONS, MEDIA_TYPES, key_in, kind_of, want

log = logging.getLogger(__name__)
YEAR_S, A_WHILE_S = 31_536_000, 600
# One transparent pixel, as PNG: a picture that is on its way.
NOTHING = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6360600000000300012b094d840000000049454e44ae426082"
)


@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """A wrong signature costs one HMAC: no look at the database, no word of whether the picture exists."""
    key = key_in(token)
    if key is None:
        raise Http404
    found = Picture.objects.filter(key=key).first()
    if found is None:
        return _sign(status=404)
    if found.state == PictureState.WAITING:
        return _on_its_way(found)
    body = _stored(found)
    return _kept(request, found, body) if body else _sign()


def _kept(request: HttpRequest, found: Picture, body: bytes) -> HttpResponse:
    """The file for ever: one that is fetched anew lies under a new name, and so has another ETag."""
    etag = f'"{(found.file.name or "").rpartition("/")[2].partition(".")[0]}"'
    response = _image(body, f"public, max-age={YEAR_S}, immutable")
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag, None, response) or response


def _on_its_way(found: Picture) -> HttpResponse:
    """The one thing noted, once a picture and by nobody who has no signed address: that it is looked for."""
    if found.wanted_at is None:
        want([found])
    return _image(NOTHING, "no-store")


def _sign(status: int = 200) -> HttpResponse:
    body = (settings.BASE_DIR / "static" / "icons" / "no-picture.png").read_bytes()
    return _image(body, f"public, max-age={A_WHILE_S}", status)


def _stored(found: Picture) -> bytes:
    if found.state != PictureState.OK:
        return b""
    try:
        with found.file.open("rb") as file:
            return bytes(file.read())
    except OSError as error:
        log.error("the file of picture %s cannot be read: %s", found.pk, error)
        return b""


def _image(body: bytes, cache: str, status: int = 200) -> HttpResponse:
    """By what its bytes are; a browser that opens it alone may run nothing, and takes no name from us."""
    kind = kind_of(body)
    if kind is None:
        raise Http404  # somebody put another file there: not even that is handed on
    response = HttpResponse(body, content_type=MEDIA_TYPES[kind], status=status)
    response.headers["Content-Disposition"] = f'inline; filename="picture.{EXTENSIONS[kind]}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # letters and feed readers show it elsewhere
    response.headers["Cache-Control"] = cache
    return response
