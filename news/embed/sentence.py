"""The encoder: any sentence-transformers model, from a folder or a hub, behind our contract (base.py)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from news.embed.base import Calibration, Purpose
from news.embed.bundled import COMPLETE

BATCH_CHARACTERS = 8_192  # padded characters in one pass: about 8 long articles, or hundreds of titles

# Fitted on labelled pairs, each for one model. A model that is not here has no
# thresholds: what needs one (stories by meaning) then does without.
CALIBRATIONS = {"e5-small-zh": Calibration(same_event=0.95, candidate=0.9)}


class SentenceEncoder:
    """One model of a process. Its weights are read at the first `encode`: who only compares vectors never pays."""

    def __init__(self, model: str, device: str = "auto", *, local: bool = False) -> None:
        """`model` is a folder or a hub name; `local` forbids every look at a hub."""
        self._where, self._device, self._local = model, device, local
        self.name, self.revision, self.dimension = self._identity()
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

    @cached_property
    def _model(self) -> Any:
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.disable_progress_bar()
        torch.set_num_threads(max(1, min(torch.get_num_threads(), len(os.sched_getaffinity(0)))))
        device = None if self._device == "auto" else self._device
        return SentenceTransformer(
            self._where, device=device, local_files_only=self._local, trust_remote_code=False
        ).eval()

    def _identity(self) -> tuple[str, str, int]:
        """Name, revision, dimension: from our own mark, else from the model: the hub's commit, or "local"."""
        folder = Path(self._where)
        if (folder / COMPLETE).is_file():
            mark, config = (json.loads((folder / file).read_text("utf-8")) for file in (COMPLETE, "config.json"))
            return mark["name"], mark["revision"], config["hidden_size"]
        config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        revision = getattr(config, "_commit_hash", None) or "local"
        return folder.name if folder.is_dir() else self._where, revision, self._model.get_embedding_dimension()


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
