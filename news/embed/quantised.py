"""The encoder on a CPU: the 8-bit graph that export.py made, run by onnxruntime; torch is not loaded at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from news.embed.base import CALIBRATIONS, Purpose
from news.embed.export import GRAPH, MARK, WORDS
from news.embed.folder import checksum, prompt_for

CHUNK = 1_024  # texts that are tokenised at once


class Damaged(Exception):
    """A file of the model is not as it was written; the message names it."""


class QuantisedEncoder:
    """One model of a process, on all its cores: a text is a run of one thread, as many at a time as there are cores.

    So nothing is padded, the longest texts go first, no core waits for another, and a text's vector is the same to the
    bit whatever else was asked for in the same call.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is one that export.prepare gave. Raises Damaged where a file differs from its checksum."""
        self._folder = folder
        mark = json.loads((folder / MARK).read_text("utf-8"))
        for file, expected in mark["sha256"].items():
            if not (folder / file).is_file() or checksum(folder / file) != expected:
                raise Damaged(f"{folder / file} is missing or damaged; remove {folder.name} and run: make setup")
        self.name, self.revision, self.dimension = mark["name"], mark["revision"], mark["dimension"]
        self.calibration = CALIBRATIONS.get(self.name)
        self._tokens, self._prompts, self._default = mark["tokens"], mark["prompts"], mark["default_prompt"]

    def encode(self, texts: Sequence[str], purpose: Purpose = "query") -> np.ndarray:
        """Vectors of the texts, float32 [len(texts), dimension], rows of length one, in the order given."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        prompt = self.prompt(purpose)
        for start in range(0, len(texts), CHUNK):
            chunk = [prompt + text for text in texts[start : start + CHUNK]]
            out[start : start + CHUNK] = self._encode([words.ids for words in self._tokenizer.encode_batch(chunk)])
        return out

    def prompt(self, purpose: Purpose) -> str:
        """The words that the model wants in front of every text."""
        return prompt_for(self._prompts, purpose, self._default)

    def tokenizer(self, most: int) -> Any:
        """A tokenizer of the model's, which gives `most` tokens at most."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / WORDS))
        tokenizer.enable_truncation(most)
        tokenizer.no_padding()
        return tokenizer

    @property
    def graph(self) -> Path:
        """The file that the model runs from."""
        return self._folder / GRAPH

    @staticmethod
    def session(graph: str | bytes) -> Any:
        """A graph, or the path of one, ready to run, one thread a run."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(graph, options, ["CPUExecutionProvider"])

    def _encode(self, ids: list[list[int]]) -> np.ndarray:
        longest_first = sorted(range(len(ids)), key=lambda place: -len(ids[place]))
        out = np.zeros((len(ids), self.dimension), dtype=np.float32)

        def run(place: int) -> None:
            (vector,) = self._session.run(None, {"input_ids": np.array([ids[place]], np.int64)})
            out[place] = vector[0] / max(float(np.linalg.norm(vector)), 1e-12)

        if len(ids) == 1:
            run(0)
            return out
        self._session  # noqa: B018 - loaded once, before several threads ask for it
        with ThreadPoolExecutor(cores()) as threads:
            list(threads.map(run, longest_first))
        return out

    @cached_property
    def _session(self) -> Any:
        return self.session(str(self.graph))

    @cached_property
    def _tokenizer(self) -> Any:
        return self.tokenizer(self._tokens)


def cores() -> int:
    """How many cores this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
