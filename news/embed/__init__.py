"""The door to vectors: `encoder()` gives the one encoder of this process, as the settings name it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from news.embed.base import ARTICLE_PURPOSE, Calibration, Encoder, Purpose, article_text, fingerprint

__all__ = ["ARTICLE_PURPOSE", "Calibration", "Encoder", "Purpose", "article_text", "encoder", "fingerprint"]

BUNDLED = "bundled"


@cache
def encoder() -> Encoder:
    """The encoder that EMBED_MODEL names, on EMBED_DEVICE; loaded once a process, at the first call.

    "bundled" is built from the installed package if it is not there yet and never asks the network; anything else is a
    folder or the name of a sentence-transformers model on a hub.
    """
    from news.embed import bundled
    from news.embed.sentence import SentenceEncoder

    if settings.EMBED_MODEL == BUNDLED:
        return SentenceEncoder(str(bundled.prepare(Path(settings.MODELS_DIR))), settings.EMBED_DEVICE, local=True)
    return SentenceEncoder(settings.EMBED_MODEL, settings.EMBED_DEVICE, local=Path(settings.EMBED_MODEL).is_dir())
