"""Which model's vectors serve. A new EMBED_MODEL takes over only when every article has its vector (reembed.py)."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone

from news.embed import Encoder, encoder, load
from news.models import ServingModel

log = logging.getLogger(__name__)
ONLY = 1  # there is one row


def serving() -> Encoder:
    """The encoder whose vectors are compared, searched and made for new articles: one and the same for all of these.

    It stays the one of before while the vectors of a new one are being made. If that one cannot be had any more, its
    vectors are worth nothing, and the new one serves from now on.
    """
    wanted = encoder()
    row, _new = ServingModel.objects.get_or_create(
        pk=ONLY, defaults={"key": model_key(wanted), "source": settings.EMBED_MODEL}
    )
    if row.key == model_key(wanted):
        return wanted
    if old := _find(row):
        return old
    log.warning("the model %s is gone: %s serves before all of its vectors are made", row.key, model_key(wanted))
    switch(row.key)
    return wanted


def serving_revision() -> str:
    """The key, name@revision, of the vectors that serve."""
    return model_key(serving())


def switch(old: str) -> bool:
    """Let the wanted model serve in place of `old`; False where somebody else has switched."""
    new = {"key": model_key(encoder()), "source": settings.EMBED_MODEL, "since": timezone.now()}
    return bool(ServingModel.objects.filter(pk=ONLY, key=old).update(**new))


def model_key(engine: Encoder) -> str:
    """What Embedding.model holds: name@revision. Vectors of two of these never meet."""
    return f"{engine.name}@{engine.revision}"


def _find(row: ServingModel) -> Encoder | None:
    """The encoder that made the row's vectors, if it can still be loaded in just that revision."""
    try:
        found = load(row.source)
    except (OSError, ValueError) as error:
        log.warning("%s cannot be loaded: %s", row.source, error)
        return None
    return found if model_key(found) == row.key else _in_torch(row)


def _in_torch(row: ServingModel) -> Encoder | None:
    """The same model without 8 bits, where its vectors were made so."""
    from news.embed import choose

    if "-int8." in row.key:
        return None
    found = choose.plain_once(row.source)
    return found if model_key(found) == row.key else None
