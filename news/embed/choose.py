"""Which encoder a model gets on this machine: 8 bits on the CPU where its graph can be had, torch otherwise."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from django.conf import settings

from news.embed import BUNDLED, Encoder, bundled, export, packed
from news.embed.folder import Unsupported, revision_of
from news.embed.quantised import Damaged, QuantisedEncoder
from news.embed.sentence import SentenceEncoder, has_card

log = logging.getLogger(__name__)


def engine(model: str) -> Encoder:
    """The encoder of "bundled", a folder or a hub name. Why it is not the fast one, if it is not, is logged."""
    if not for_cpu():
        return plain(model)
    try:
        return QuantisedEncoder(quantised_folder(model))
    except (Unsupported, Damaged, ImportError, OSError) as error:
        log.warning("%s runs in torch and not in 8 bits: %s", model, error)
        return plain(model)


def plain(model: str) -> SentenceEncoder:
    """The model in torch, whatever else there is."""
    if model == BUNDLED:
        return SentenceEncoder(str(bundled.prepare(Path(settings.MODELS_DIR))), settings.EMBED_DEVICE, local=True)
    return SentenceEncoder(model, settings.EMBED_DEVICE, local=Path(model).is_dir())


@cache
def plain_once(model: str) -> SentenceEncoder:
    """The same, loaded once a process."""
    return plain(model)


def for_cpu() -> bool:
    """True where 8 bits on the CPU are wanted: no card, or none asked for, and EMBED_QUANTISED is on."""
    if not settings.EMBED_QUANTISED or settings.EMBED_DEVICE not in ("auto", "cpu"):
        return False
    if settings.EMBED_DEVICE == "cpu" or not has_card():
        return True
    import torch

    return not torch.cuda.is_available()


def quantised_folder(model: str, *, download: bool = False) -> Path:
    """The folder of the model's 8-bit graph, made if need be; only `download` asks a hub for what is not here.

    Raises Unsupported, ImportError or OSError where there can be none.
    """
    import onnxruntime  # noqa: F401 - without it the graph is worth nothing

    models = Path(settings.MODELS_DIR)
    if model == BUNDLED:
        source = bundled.prepare(models)
        revision = f"{packed.revision_of(packed.locate())}-{bundled.BUILD}"
        return export.prepare(source, models, bundled.NAME, revision, trusted=True)
    if Path(model).is_dir():
        source = Path(model)
        return export.prepare(source, models, source.name, revision_of(source))
    source = _snapshot(model, download)
    return export.prepare(source, models, model, source.name)


def _snapshot(model: str, download: bool) -> Path:
    """A hub model's folder in the hub's own cache, named by its commit."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(model, local_files_only=not download, ignore_patterns=["onnx/*", "openvino/*"]))
    except (HFValidationError, FileNotFoundError) as error:
        raise Unsupported(f"it is not on this machine yet; make setup fetches it ({type(error).__name__})") from error
