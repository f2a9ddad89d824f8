"""The encoder: any sentence-transformers model, from a folder or a hub, behind our contract (base.py)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from news.embed.base import Calibration, Purpose
from news.embed.bundled import COMPLETE

BATCH_CHARACTERS = 8_192  # padded characters in one pass: about 16 long articles, or hundreds of titles

# Fitted on labelled pairs, each for one model (docs/architecture.md says how). A model that is not here has no
# thresholds: what needs one (stories by meaning) then does without.
CALIBRATIONS = {"e5-small-zh": Calibration(same_event=0.925, candidate=0.88)}


class SentenceEncoder:
    """One loaded model. Not for sharing between threads; a process has one (news.embed.encoder)."""

    def __init__(self, model: str, device: str = "auto", *, local: bool = False) -> None:
        """Load `model`, a folder or a hub name. `local` forbids every look at a hub."""
        self._model = _load(model, device, local)
        self.name, self.revision = _identity(model, self._model)
        self.dimension: int = self._model.get_embedding_dimension()
        self.calibration = CALIBRATIONS.get(self.name)

    def encode(self, texts: Sequence[str], purpose: Purpose = "query") -> np.ndarray:
        """Vectors of the texts, float32 [len(texts), dimension], rows of length one, in the order given.

        The same texts in the same call give the same vectors; `purpose` chooses the model's prompt where it has one.
        """
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for places in _batches(texts):
            out[places] = self._model.encode(
                [texts[place] for place in places],
                batch_size=len(places),
                prompt=self._model.prompts.get(purpose, ""),
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return out


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Places of the texts, longest first, in batches of like length, so that little is padded."""
    batch: list[int] = []
    for place in sorted(range(len(texts)), key=lambda place: (-len(texts[place]), place)):
        longest = len(texts[batch[0]]) if batch else 0
        if batch and longest * (len(batch) + 1) > BATCH_CHARACTERS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _load(model: str, device: str, local: bool) -> Any:
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(max(1, min(torch.get_num_threads(), len(os.sched_getaffinity(0)))))
    return SentenceTransformer(
        model, device=None if device == "auto" else device, local_files_only=local, trust_remote_code=False
    ).eval()


def _identity(model: str, loaded: Any) -> tuple[str, str]:
    """Name and revision: from our own mark, else the hub's commit, else "local" for a folder of somebody's own."""
    mark = Path(model) / COMPLETE
    if mark.is_file():
        facts = json.loads(mark.read_text(encoding="utf-8"))
        return facts["name"], facts["revision"]
    config = getattr(getattr(loaded[0], "auto_model", None), "config", None)
    return Path(model).name if Path(model).is_dir() else model, getattr(config, "_commit_hash", None) or "local"
