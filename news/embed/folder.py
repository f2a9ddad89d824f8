"""What a sentence-transformers folder says of itself, read without torch: modules, pooling, prompts, lengths."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from news.embed.base import Purpose


class Unsupported(Exception):
    """This model cannot be run as a quantised graph; the message says why. torch can still run it."""


@dataclass(frozen=True)
class Description:
    """The parts of a model's configuration that its vectors depend on, beside its weights."""

    config: dict[str, Any]
    pooling: str
    prompts: dict[str, str]
    default_prompt: str
    tokens: int


def describe(folder: Path) -> Description:
    """Read the folder's small files. Raises Unsupported for modules or pooling that we do not build."""
    kinds = [(module["type"].rsplit(".", 1)[-1], module["path"]) for module in _read(folder / "modules.json")]
    if [kind for kind, _path in kinds] not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise Unsupported("its modules are not a transformer, pooling and normalising")
    inner, own = folder / kinds[0][1], _read(folder / "config_sentence_transformers.json", {})
    transformer, config = _read(inner / "sentence_bert_config.json", {}), _read(inner / "config.json")
    if transformer.get("do_lower_case"):
        raise Unsupported("its texts are put in lower case outside the tokenizer")
    prompts = {name: text for name, text in (own.get("prompts") or {}).items() if isinstance(text, str)}
    return Description(
        config=config,
        pooling=_pooling(_read(folder / kinds[1][1] / "config.json")),
        prompts=prompts,
        default_prompt=prompts.get(own.get("default_prompt_name") or "", ""),
        tokens=_most_tokens(inner, transformer, config),
    )


def prompt_for(prompts: dict[str, str], purpose: Purpose, default: str = "") -> str:
    """The words that the model wants in front of a text: "document" is what some models call a passage."""
    names = ("query",) if purpose == "query" else ("passage", "document")
    return next((prompts[name] for name in names if prompts.get(name)), default)


def revision_of(folder: Path) -> str:
    """A folder's revision: twelve digits of the SHA-256 of its weights, or "local" where they lie in another form."""
    weights = folder / "model.safetensors"
    return checksum(weights)[:12] if weights.is_file() else "local"


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pooling(settings: dict[str, Any]) -> str:
    if settings.get("include_prompt", True) is False:
        raise Unsupported("its pooling leaves the prompt out")
    named = settings.get("pooling_mode")
    chosen = [named] if isinstance(named, str) else list(named or [])
    flags = {"cls": "pooling_mode_cls_token", "mean": "pooling_mode_mean_tokens"}
    known = {*flags.values(), "pooling_mode"}
    chosen += [mode for mode, flag in flags.items() if settings.get(flag)]
    chosen += [name for name, on in settings.items() if name.startswith("pooling_mode") and name not in known and on]
    if len(chosen) != 1 or chosen[0] not in flags:
        raise Unsupported(f"its pooling is {' and '.join(chosen) or 'not said'}, not mean or cls")
    return str(chosen[0])


def _most_tokens(inner: Path, transformer: dict[str, Any], config: dict[str, Any]) -> int:
    asked = transformer.get("max_seq_length") or _read(inner / "tokenizer_config.json", {}).get("model_max_length")
    fit = int(config["max_position_embeddings"]) - first_position(config)
    return min(int(asked), fit) if asked else fit


def first_position(config: dict[str, Any]) -> int:
    """The row of the position table that the first token has: RoBERTa counts from behind its padding token."""
    return int(config["pad_token_id"]) + 1 if "roberta" in config.get("model_type", "") else 0


def _read(path: Path, default: Any = None) -> Any:
    if not path.is_file():
        if default is None:
            raise Unsupported(f"it has no {path.name}")
        return default
    return json.loads(path.read_text("utf-8"))
