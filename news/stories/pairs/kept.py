"""Keeps what was learned, under MODELS_DIR: by what it was learned from, and the one that this site judges with."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from news.stories.pairs.learn import Pair
from news.stories.pairs.learned import Learned

log = logging.getLogger(__name__)
BUILD = "1"  # raise it when the rows or the models change
SITE = "site"


def place(name: str) -> Path:
    """Where a judge of this name lies, whether or not it is there."""
    return Path(settings.MODELS_DIR) / "judges" / f"{name}.joblib"


def key(pairs: Sequence[Pair], encoder: str) -> str:
    """The name of what these pairs teach for this encoder."""
    told = hashlib.sha256(f"{BUILD} {encoder}".encode())
    for pair in pairs:
        told.update(f"\n{pair.one}\t{pair.other}\t{pair.same}".encode("utf-8", "replace"))
    return told.hexdigest()[:16]


def keep(learned: Learned, name: str) -> Path:
    """Write it whole or not at all."""
    import joblib
    import sklearn

    target = place(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.with_suffix(f".{os.getpid()}")
    joblib.dump({"build": BUILD, "sklearn": sklearn.__version__, "learned": learned}, building, compress=3)
    building.replace(target)
    return target


def kept(name: str, encoder: str) -> Learned | None:
    """The judge of this name, where it is there and was made for this encoder, by this program and its libraries."""
    if not place(name).is_file():
        return None
    import joblib
    import sklearn

    found = joblib.load(place(name))
    learned: Learned = found["learned"]
    if (found["build"], found["sklearn"], learned.encoder) == (BUILD, sklearn.__version__, encoder):
        return learned
    log.warning("the learned judge %s is of another program or encoder and rests: manage.py learn_events", name)
    return None
