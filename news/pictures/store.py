"""Keeps a picture's file in Django's storage, under a name that says nothing of where it came from."""

import secrets
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from news.models import PictureState
from news.pictures.raster import EXTENSIONS, MEDIA_TYPES, Raster


def keep(raster: Raster) -> dict[str, Any]:
    """Store the file; returns the columns of a Picture that has it.

    The name is random, so that an address of the storage tells nothing and no two rows share a file.
    """
    token = secrets.token_hex(16)
    name = default_storage.save(f"pictures/{token[:2]}/{token}.{EXTENSIONS[raster.kind]}", ContentFile(raster.body))
    return {
        "state": PictureState.OK,
        "reason": "",
        "file": name,
        "content_type": MEDIA_TYPES[raster.kind],
        "width": raster.width,
        "height": raster.height,
        "size": len(raster.body),
        "fetched_at": Now(),
    }
