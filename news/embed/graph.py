"""A BERT encoder as an ONNX graph with 8-bit weights, written by hand from its safetensors file. Set-up only.

One text a run: no padding and no attention mask, so the runtime's fused attention without a mask is used, and a text's
vector never depends on what else was asked for in the same call (the scale of 8-bit activations is taken over a run).

Where the speed was found, on two cores with VNNI, for texts of 512 tokens, share of the time saved:
weights in 8 bits, one scale a column, activations quantised as they come (over half); attention without a mask (15 %);
Add and LayerNormalization apart, as the runtime's fused SkipLayerNormalization is not vectorised (11 %).
4- and 8-bit blocks (MatMulNBits) are truer to the weights and no faster than float32.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from news.embed.folder import Description, Unsupported, first_position

FAMILIES = ("bert", "roberta", "xlm-roberta")
OPSET, FORMAT, FUSED = 20, 10, "com.microsoft"
NORM = "LayerNorm"
LARGEST = 63
"""The largest whole weight. A CPU without VNNI adds two products of 8 by 8 bits in 16 bits: with 127 the sum does not
fit, and the vectors would depend on the machine. With 63 it fits (2 × 255 × 63), at a cosine of .997 to float32."""


def write(source: Path, description: Description, target: Path) -> None:
    """Write the graph of the model in `source` to `target`: `input_ids` [1, tokens] to `vector` [1, dimension].

    Raises Unsupported for another architecture, or weights that are not there as safetensors.
    """
    import onnx

    config = description.config
    if (family := config.get("model_type")) not in FAMILIES or config.get("hidden_act") != "gelu":
        raise Unsupported(f"{family} with {config.get('hidden_act')} is not a BERT encoder with gelu")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise Unsupported("its positions are not absolute")
    onnx.save(_Graph(_weights(source), description).model(), str(target))


def _weights(source: Path) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = source / "model.safetensors"
    if not path.is_file():
        raise Unsupported("it has no model.safetensors")
    try:
        tensors = load_file(path)
    except (SafetensorError, TypeError, KeyError) as error:  # the latter two: bfloat16, which numpy does not know
        raise Unsupported(f"its weights cannot be read: {error}") from error
    return {_bare(name): np.asarray(tensor, np.float32) for name, tensor in tensors.items()}


def _bare(name: str) -> str:
    """Names without the family's own prefix, which some files have and some have not."""
    head, _, rest = name.partition(".")
    return rest if head in {"bert", "roberta"} else name


class _Graph:
    """Collects nodes and tensors in the order of the forward pass; every method gives the name of what it made."""

    def __init__(self, weights: dict[str, np.ndarray], description: Description) -> None:
        self._weights, self._about, self._config = weights, description, description.config
        self._nodes: list[Any] = []
        self._tensors: list[Any] = []

    def model(self) -> Any:
        from onnx import TensorProto, helper

        state = self._embeddings()
        for layer in range(self._config["num_hidden_layers"]):
            state = self._layer(state, f"encoder.layer.{layer}")
        self._pool(state)
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, self._config["hidden_size"]])
        graph = helper.make_graph(self._nodes, "encoder", [ids], [vector], self._tensors)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=FORMAT)

    def _embeddings(self) -> str:
        words = self._weights["embeddings.word_embeddings.weight"].astype(np.float16)  # half of the file, no loss
        table = self._weights["embeddings.position_embeddings.weight"][first_position(self._config) :]
        table = table + self._weights["embeddings.token_type_embeddings.weight"][0]
        word = self._add("Cast", [self._add("Gather", [self._keep("words", words), "input_ids"])], to=1)
        zero = self._keep("zero", np.array([0], np.int64))
        length = self._add("Shape", ["input_ids"], start=1, end=2)
        place = self._add("Slice", [self._keep("positions", table), zero, length, zero])
        return self._norm(self._add("Add", [word, place]), "embeddings.LayerNorm")

    def _layer(self, state: str, name: str) -> str:
        attention = self._linear(self._attention(state, f"{name}.attention.self"), f"{name}.attention.output.dense")
        state = self._norm(self._add("Add", [attention, state]), f"{name}.attention.output.{NORM}")
        wide = self._add("Gelu", [self._linear(state, f"{name}.intermediate.dense")], FUSED)
        return self._norm(
            self._add("Add", [self._linear(wide, f"{name}.output.dense"), state]), f"{name}.output.{NORM}"
        )

    def _attention(self, state: str, name: str) -> str:
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._weights[f"{part}.weight"] for part in parts])
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        self._add("Split", [self._multiply(state, name, weight, bias)], outputs=parts, axis=-1, num_outputs=3)
        return self._add("MultiHeadAttention", parts, FUSED, num_heads=self._config["num_attention_heads"])

    def _linear(self, state: str, name: str) -> str:
        return self._multiply(state, name, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _multiply(self, state: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-12) / LARGEST  # one a column of the result
        whole = np.clip(np.round(weight / scale[:, None]), -LARGEST, LARGEST).astype(np.int8).T
        tensors = {"q": whole, "scale": scale.astype(np.float32), "zero": np.zeros(len(scale), np.int8), "bias": bias}
        kept = [self._keep(f"{name}.{part}", tensor) for part, tensor in tensors.items()]
        return self._add("DynamicQuantizeMatMul", [state, *kept], FUSED)

    def _norm(self, state: str, name: str) -> str:
        kept = [self._keep(f"{name}.{part}", self._weights[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self._add("LayerNormalization", [state, *kept], axis=-1, epsilon=self._config["layer_norm_eps"])

    def _pool(self, state: str) -> None:
        if self._about.pooling == "cls":
            self._add("Gather", [state, self._keep("first", np.array(0, np.int64))], outputs=["vector"], axis=1)
        else:
            axis = self._keep("axis", np.array([1], np.int64))
            self._add("ReduceMean", [state, axis], outputs=["vector"], keepdims=0)

    def _keep(self, name: str, tensor: np.ndarray) -> str:
        from onnx import numpy_helper

        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(tensor), name))
        return name

    def _add(
        self, kind: str, inputs: list[str], domain: str = "", outputs: list[str] | None = None, **settings: Any
    ) -> str:
        from onnx import helper

        made = outputs or [f"{kind}.{len(self._nodes)}"]
        self._nodes.append(helper.make_node(kind, inputs, made, domain=domain, **settings))
        return made[0]
