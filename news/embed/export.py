"""Makes the 8-bit graph of a model once, at set-up: versioned, with checksums, renamed into its place when whole."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from news.embed.folder import Description, Unsupported, checksum, describe

BUILD = "2"  # raise it when a change in graph.py changes the vectors; it is part of folder and revision
GRAPH, WORDS, MARK = "model.onnx", "tokenizer.json", "int8.json"
LEAST_COSINE = 0.98
"""How near the 8-bit vectors of SAMPLES must be to float32 on the average; the bundled model has .997."""
SAMPLES = [
    "新款训练芯片发布，算力提升三倍",
    "How to run a small model on a microcontroller",
    "研究团队提出一种检测小目标的方法，并公开了代码和数据。实验表明它在常用数据集上更快、更准。",
    "某公司完成新一轮融资，估值翻番",
]


def place(models: Path, name: str, revision: str) -> Path:
    """Where the graph of this model revision lies, whether or not it is there."""
    return models / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)}-{revision}-int8.{BUILD}"


def prepare(source: Path, models: Path, name: str, revision: str, *, trusted: bool = False) -> Path:
    """Make the graph of the model in `source` unless it is there; gives its folder.

    Unless `trusted`, its vectors are compared with those of torch first. Raises Unsupported where the model cannot be
    run so or becomes too different, ImportError where onnx or onnxruntime is not installed.
    """
    target = place(models, name, revision)
    if (target / MARK).is_file():
        return target
    description = describe(source)
    models.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=models, prefix=".building-"))
    try:
        _build(source, description, building / "int8", {"name": name, "revision": f"{revision}-int8.{BUILD}"})
        if not trusted:
            _compare(source, building / "int8")
        _put(building / "int8", target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def _build(source: Path, description: Description, folder: Path, identity: dict[str, str]) -> None:
    from news.embed import graph

    folder.mkdir(mode=0o755)
    if not (source / WORDS).is_file():
        raise Unsupported(f"it has no {WORDS}")
    shutil.copyfile(source / WORDS, folder / WORDS)
    graph.write(source, description, folder / GRAPH)
    mark: dict[str, Any] = identity | {
        "dimension": description.config["hidden_size"],
        "tokens": description.tokens,
        "prompts": description.prompts,
        "default_prompt": description.default_prompt,
        "sha256": {file: checksum(folder / file) for file in (GRAPH, WORDS)},
    }
    (folder / MARK).write_text(json.dumps(mark, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _compare(source: Path, folder: Path) -> None:
    from news.embed.quantised import QuantisedEncoder
    from news.embed.sentence import SentenceEncoder

    ours, plain = QuantisedEncoder(folder), SentenceEncoder(str(source), "cpu", local=True)
    cosine = float(np.mean(np.sum(ours.encode(SAMPLES) * plain.encode(SAMPLES), axis=1)))
    if not cosine >= LEAST_COSINE:
        raise Unsupported(f"its 8-bit vectors have cosine {cosine:.3f} to its own, {LEAST_COSINE} is the least")


def _put(built: Path, target: Path) -> None:
    try:
        built.rename(target)
    except OSError:
        if not (target / MARK).is_file():  # broken off by somebody else: ours takes its place
            shutil.rmtree(target)
            built.rename(target)
