"""The door to vectors: `encoder()` gives the one encoder of this process, as the settings name it."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from news.embed.base import ARTICLE_PURPOSE, Calibration, Encoder, Purpose, article_text, fingerprint

__all__ = ["ARTICLE_PURPOSE", "Calibration", "Encoder", "Purpose", "article_text", "encoder", "fingerprint", "load"]

BUNDLED = "bundled"


def encoder() -> Encoder:
    """The encoder that EMBED_MODEL names, on EMBED_DEVICE. Whose vectors serve, `stored.serving()` says."""
    return load(settings.EMBED_MODEL)


@cache
def load(model: str) -> Encoder:
    """The encoder of a model, chosen once a process; its weights are read when it is first asked to encode.

    "bundled" is built from the installed package if it is not there yet and never asks the network; anything else is a
    folder or the name of a sentence-transformers model on a hub.
    """
    from news.embed import choose

    return choose.engine(model)
