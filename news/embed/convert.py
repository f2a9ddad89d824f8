"""The packed weights as a BertModel and a fast tokenizer, with the vocabulary that a Chinese news desk needs."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from news.embed.packed import PackedModel, Shape

if TYPE_CHECKING:
    import torch

SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]  # pieces 0 to 3, in this order
ROLES = {f"{role}_token": piece for role, piece in zip(["bos", "pad", "eos", "unk"], SPECIALS, strict=True)}
ROLES |= {"cls_token": ROLES["bos_token"], "sep_token": ROLES["eos_token"]}

# What the model's own normaliser does and NFKC does not: controls vanish, odd spaces and joiners become a space.
VANISH = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
SPACE = r"[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"


def kept_pieces(pieces: list[str]) -> np.ndarray:
    """Places of the pieces that stay: specials, Han, plain Latin, digits, signs, and single odd letters (é, β)."""
    return np.array([place for place, piece in enumerate(pieces) if place < len(SPECIALS) or _is_ours(piece)])


def _is_ours(piece: str) -> bool:
    letters = [character for character in piece if unicodedata.category(character)[0] in "LM"]
    if piece == "<mask>":
        return False
    return all(map(_is_our_letter, letters)) or (len(letters) == 1 and _script(letters[0]) in {"LATIN", "GREEK"})


def _is_our_letter(character: str) -> bool:
    return character.isascii() or _script(character) in {"CJK", "IDEOGRAPHIC"}


def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0]


def bert(packed: PackedModel, kept: np.ndarray) -> Any:
    """A BertModel without pooler, float32, its word embeddings cut to the kept pieces."""
    import torch
    from transformers import BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # `progress` tells how far we are

    with torch.device("meta"):  # no random weights first: the real ones are put in their places
        model = BertModel(_config(packed.shape, len(kept)), add_pooling_layer=False)
    model.load_state_dict(_weights(packed, kept), assign=True, strict=False)
    positions = torch.arange(packed.shape.positions).expand((1, -1))
    model.embeddings.register_buffer("position_ids", positions, persistent=False)
    model.embeddings.register_buffer("token_type_ids", torch.zeros_like(positions), persistent=False)
    return model.eval()


def _config(shape: Shape, words: int) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=words,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=SPECIALS.index("<pad>"),
    )


def _weights(packed: PackedModel, kept: np.ndarray) -> dict[str, torch.Tensor]:
    import torch

    hidden, wide = packed.shape.hidden, packed.shape.feed_forward
    arrays = {
        "embeddings.word_embeddings.weight": packed.matrix("emb.word", hidden, kept),
        "embeddings.position_embeddings.weight": packed.matrix("emb.pos", hidden),
        "embeddings.token_type_embeddings.weight": packed.matrix("emb.type", hidden),
        "embeddings.LayerNorm.weight": packed.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.vector("emb.ln.b"),
    }
    for layer in range(packed.shape.layers):
        for short, (long, columns) in _layer_names(hidden, wide).items():
            name = f"encoder.layer.{layer}.{long}"
            arrays[f"{name}.weight"] = (
                packed.matrix(f"l{layer}.{short}.w", columns) if columns else packed.vector(f"l{layer}.{short}.w")
            )
            arrays[f"{name}.bias"] = packed.vector(f"l{layer}.{short}.b")
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _layer_names(hidden: int, wide: int) -> dict[str, tuple[str, int]]:
    """The file's short names → BertModel's names and the columns of the matrix (0 for the norms, which are vectors)."""
    return {
        "q": ("attention.self.query", hidden),
        "k": ("attention.self.key", hidden),
        "v": ("attention.self.value", hidden),
        "ao": ("attention.output.dense", hidden),
        "aln": ("attention.output.LayerNorm", 0),
        "fi": ("intermediate.dense", hidden),
        "fo": ("output.dense", wide),
        "oln": ("output.LayerNorm", 0),
    }


def tokenizer_of(packed: PackedModel, kept: np.ndarray) -> Any:
    """The fast tokenizer: Unigram over the kept pieces, normalised as the model was taught."""
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import PreTrainedTokenizerFast

    vocabulary = [(packed.pieces[place], float(packed.scores[place])) for place in kept]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=SPECIALS.index("<unk>"), byte_fallback=False))
    replace = normalizers.Replace
    tokenizer.normalizer = normalizers.Sequence(
        [replace(Regex(VANISH), ""), replace(Regex(SPACE), " "), normalizers.NFKC(), replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    start, end = (("<s>", 0), ("</s>", 2))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[start, end]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=packed.shape.positions, **ROLES)
