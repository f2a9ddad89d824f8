"""An editor's own picture, through the same decoding and encoding as any stranger's (UPLOAD-001 to 007).

A QR code in it is pixels to us: it is never decoded, so nothing that it says is ever fetched.
"""

import secrets

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from news.models import Picture
from news.pictures.raster import Raster, Unfit, rewrite
from news.pictures.store import keep


def read_upload(upload: "UploadedFile[bytes]") -> Raster:
    """What an editor sent, written anew; the name that it came under counts for nothing. Raises Unfit."""
    if (upload.size or 0) > settings.CRAWL_MAX_BYTES:
        raise Unfit("too_large", f"{upload.size} bytes")
    return rewrite(upload.read())


def keep_upload(raster: Raster) -> Picture:
    """Store it under a random key."""
    return Picture.objects.create(key=secrets.token_hex(32), url="", host="", **keep(raster))
