"""What the encoder thinks of every token of a text, from two of its depths: for comparing two texts piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from news.embed.base import ARTICLE_PURPOSE, Encoder
from news.embed.folder import Unsupported
from news.embed.quantised import QuantisedEncoder, cores
from news.embed.sentence import SentenceEncoder

MOST_TOKENS = 128


@dataclass(frozen=True)
class Thought:
    """One text: its vector of length one, its tokens' numbers, and the states of each, without prompt and marks.

    `middle` and `last` are float16 [tokens, dimension], from two thirds of the layers and from all of them.
    """

    vector: np.ndarray
    ids: tuple[int, ...]
    middle: np.ndarray
    last: np.ndarray


def think(engine: Encoder, texts: Sequence[str]) -> list[Thought]:
    """The thoughts of the texts, in order. Raises Unsupported for an encoder that does not let its layers be seen."""
    return _thinker(engine).think(texts)


def tokens(engine: Encoder, texts: Sequence[str]) -> list[tuple[int, ...]]:
    """The numbers of the texts' tokens, as `think` gives them, without running the model."""
    thinker = _thinker(engine)
    return [tuple(ids[thinker.skipped : -1]) for ids in thinker.numbers(texts)]


@cache
def _thinker(engine: Encoder) -> _InOnnx | _InTorch:
    if isinstance(engine, QuantisedEncoder):
        return _InOnnx(engine)
    if isinstance(engine, SentenceEncoder):
        return _InTorch(engine)
    raise Unsupported(f"{engine.name} does not show its layers")


def _thought(ids: Sequence[int], vector: np.ndarray, middle: np.ndarray, last: np.ndarray, skipped: int) -> Thought:
    own = slice(skipped, len(ids) - 1)
    unit = (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
    return Thought(unit, tuple(ids[own]), middle[own].astype(np.float16), last[own].astype(np.float16))


class _InOnnx:
    """The 8-bit graph with two more outputs; a text is a run of one thread, as in quantised.py."""

    def __init__(self, engine: QuantisedEncoder) -> None:
        self._engine = engine
        self._tokenizer = engine.tokenizer(MOST_TOKENS)
        self._prompt = engine.prompt(ARTICLE_PURPOSE)
        self.skipped = len(self._tokenizer.encode(self._prompt.strip()).ids) - 1

    def think(self, texts: Sequence[str]) -> list[Thought]:
        self._session  # noqa: B018 - loaded once, before several threads ask for it
        with ThreadPoolExecutor(cores()) as threads:
            return list(threads.map(self._one, self.numbers(texts)))

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        return [found.ids for found in self._tokenizer.encode_batch([self._prompt + text for text in texts])]

    def _one(self, ids: list[int]) -> Thought:
        vector, middle, last = self._session.run(None, {"input_ids": np.array([ids], np.int64)})
        return _thought(ids, vector[0], middle[0], last[0], self.skipped)

    @cached_property
    def _session(self) -> Any:
        import onnx

        model = onnx.load(str(self._engine.graph))
        norms = [node.output[0] for node in model.graph.node if node.op_type == "LayerNormalization"]
        layers = len(norms) // 2  # one behind the embeddings, two a layer
        for layer in (layers * 2 // 3, layers):
            name = norms[2 * layer]
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        return self._engine.session(model.SerializeToString())


class _InTorch:
    """Any sentence-transformers model, one text at a time, as few are asked for."""

    def __init__(self, engine: SentenceEncoder) -> None:
        self._engine = engine
        self._prompt = engine.prompt(ARTICLE_PURPOSE)
        self.skipped = len(engine.model.tokenizer(self._prompt.strip())["input_ids"]) - 1

    def think(self, texts: Sequence[str]) -> list[Thought]:
        return [
            self._one(ids, vector) for ids, vector in zip(self.numbers(texts), self._engine.encode(texts), strict=True)
        ]

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        prompted = [self._prompt + text for text in texts]
        return self._engine.model.tokenizer(prompted, truncation=True, max_length=MOST_TOKENS)["input_ids"]

    def _one(self, ids: list[int], vector: np.ndarray) -> Thought:
        import torch

        inner = self._engine.model[0].auto_model
        with torch.inference_mode():
            states = inner(input_ids=torch.tensor([ids], device=inner.device), output_hidden_states=True).hidden_states
        layers = len(states) - 1
        middle, last = (states[layer][0].float().cpu().numpy() for layer in (layers * 2 // 3, layers))
        return _thought(ids, vector, middle, last, self.skipped)
