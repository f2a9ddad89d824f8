"""Builds the encoder that needs no download: the bundled e5 weights become an ordinary sentence-transformers folder.

The packed file holds multilingual-e5-small (MIT) in 4-bit blocks. We read it (packed.py), drop the pieces of scripts
that a Chinese news desk never meets, and save BertModel + fast tokenizer + mean pooling + normalising. From then on
nothing is special about it: sentence-transformers loads it as it loads a hub model.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from news.embed.convert import bert, kept_pieces, tokenizer_of
from news.embed.packed import PackedModel, Shape, locate, revision_of

NAME = "e5-small-zh"
BUILD = "1"  # raise it when a change below changes the vectors; it is part of the folder's name
PROMPTS = {"query": "query: ", "passage": "passage: "}
COMPLETE = "jianbao.json"

Progress = Callable[[str, float], None]


def prepare(folder: Path, progress: Progress | None = None) -> Path:
    """Make the bundled model under `folder` unless it is there; returns its own folder.

    Built beside its place and renamed into it, so a half-built model is never seen and two processes may build at once.
    `progress(step, share)` is told each step with the share done, 0 to 1. Raises BrokenModel without the packed file.
    """
    source = locate()
    target = Path(folder) / f"{NAME}-{revision_of(source)}-{BUILD}"
    if is_complete(target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent, prefix=".building-"))
    try:
        _build(PackedModel(source), building / "model", progress or _silent)
        _mark(building / "model", source)
        _put(building / "model", target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def is_complete(folder: Path) -> bool:
    """True for a folder that was built to its end; the mark is written last."""
    return (folder / COMPLETE).is_file()


def _build(packed: PackedModel, folder: Path, progress: Progress) -> None:
    progress("vocabulary", 0.0)
    kept = kept_pieces(packed.pieces)
    progress("weights", 0.2)
    bert(packed, kept).save_pretrained(folder)
    progress("tokenizer", 0.8)
    tokenizer_of(packed, kept).save_pretrained(folder)
    for name, content in _description(packed.shape).items():
        _write(folder / name, content)
    (folder / "model.safetensors").chmod(0o644)  # written for its owner only; a worker may run as somebody else
    progress("done", 1.0)


def _description(shape: Shape) -> dict[str, Any]:
    """The small files by which sentence-transformers knows the folder: which modules, in which order, how set."""
    modules = ["Transformer", "Pooling", "Normalize"]
    places = ["", "1_Pooling", "2_Normalize"]
    return {
        "modules.json": [
            {"idx": idx, "name": str(idx), "path": place, "type": f"sentence_transformers.models.{module}"}
            for idx, (module, place) in enumerate(zip(modules, places, strict=True))
        ],
        "sentence_bert_config.json": {
            "max_seq_length": shape.positions,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
    }


def _mark(folder: Path, source: Path) -> None:
    _write(folder / COMPLETE, {"name": NAME, "revision": f"{revision_of(source)}-{BUILD}", "from": source.name})


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _put(built: Path, target: Path) -> None:
    try:
        built.rename(target)
    except OSError:
        if not is_complete(target):  # a folder that somebody else broke off: ours takes its place
            shutil.rmtree(target)
            built.rename(target)


def _silent(_step: str, _share: float) -> None:
    """Tell nobody."""
