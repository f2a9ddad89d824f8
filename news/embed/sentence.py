"""The encoder in torch: any sentence-transformers model, from a folder or a hub; bfloat16 on a card, else float32."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from news.embed.base import CALIBRATIONS, Purpose
from news.embed.batches import by_tokens, halving
from news.embed.bundled import COMPLETE
from news.embed.folder import prompt_for, revision_of

CPU_TOKENS, CARD_TOKENS = 4_096, 65_536  # padded tokens in one pass
CHUNK = 16_384  # texts that are tokenised and sorted at once


class SentenceEncoder:
    """One model of a process. Its weights are read at the first `encode`: who only compares vectors never pays."""

    def __init__(self, model: str, device: str = "auto", *, local: bool = False) -> None:
        """`model` is a folder or a hub name; `local` forbids every look at a hub."""
        self._where, self._device, self._local = model, device, local
        self.name, revision, self.dimension = self._identity()
        self.revision = f"{revision}-bf16" if self._on_card else revision
        self.calibration = CALIBRATIONS.get(self.name)

    def encode(self, texts: Sequence[str], purpose: Purpose = "query") -> np.ndarray:
        """Vectors of the texts, float32 [len(texts), dimension], rows of length one, in the order given.

        The same texts in the same call give the same vectors; `purpose` chooses the model's prompt where it has one.
        """
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            chunk = list(texts[start : start + CHUNK])
            out[start : start + CHUNK] = self._encode(chunk, self.prompt(purpose))
        return out

    def _encode(self, texts: list[str], prompt: str) -> np.ndarray:
        import torch

        def run(batch: list[int]) -> np.ndarray:
            return self._model.encode(
                [texts[place] for place in batch],
                batch_size=len(batch),
                prompt=prompt,
                normalize_embeddings=True,
                show_progress_bar=False,
            )

        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for batch in by_tokens(self._lengths(texts, prompt), CARD_TOKENS if self._on_card else CPU_TOKENS):
            out[batch] = halving(run, batch, torch.OutOfMemoryError, torch.cuda.empty_cache)
        return out

    def prompt(self, purpose: Purpose) -> str:
        """The words that the model wants in front of every text."""
        prompts = self._model.prompts
        default = prompts.get(self._model.default_prompt_name or "", "")
        return prompt_for(prompts, purpose, default)

    @property
    def model(self) -> Any:
        """The SentenceTransformer itself, loaded."""
        return self._model

    def _lengths(self, texts: list[str], prompt: str) -> list[int]:
        most = self._model.max_seq_length or 8_192
        ids = self._model.tokenizer([prompt + text for text in texts], truncation=True, max_length=most)["input_ids"]
        return [len(words) for words in ids]

    @cached_property
    def _on_card(self) -> bool:
        """True where bfloat16 is used: on a CUDA card that knows it. torch is not asked where there can be none."""
        if self._device == "cpu" or not (self._device.startswith("cuda") or has_card()):
            return False
        import torch

        return torch.cuda.is_available() and torch.cuda.is_bf16_supported()

    @cached_property
    def _model(self) -> Any:
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.disable_progress_bar()
        torch.set_num_threads(max(1, min(torch.get_num_threads(), len(os.sched_getaffinity(0)))))
        device = None if self._device == "auto" else self._device
        model = SentenceTransformer(self._where, device=device, local_files_only=self._local, trust_remote_code=False)
        return (model.bfloat16() if self._on_card else model).eval()

    def _identity(self) -> tuple[str, str, int]:
        """Name, revision, dimension: from our own mark, else from the model: its weights' hash, or the hub's commit."""
        folder = Path(self._where)
        if (folder / COMPLETE).is_file():
            mark, config = (json.loads((folder / file).read_text("utf-8")) for file in (COMPLETE, "config.json"))
            return mark["name"], mark["revision"], config["hidden_size"]
        if folder.is_dir():
            return folder.name, revision_of(folder), self._model.get_embedding_dimension()
        config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        revision = getattr(config, "_commit_hash", None) or "local"
        return self._where, revision, self._model.get_embedding_dimension()


def has_card() -> bool:
    """True where a card's device file is there: a look that costs nothing, before torch is loaded to ask it."""
    return any(Path(f"/dev/{name}").exists() for name in ("nvidiactl", "nvidia0", "dxg", "kfd"))
