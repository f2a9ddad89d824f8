"""A tiny sentence-transformers model with weights from a dice cup: any pooling, any prompts, made in a blink."""

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, RobertaConfig, RobertaModel

HIDDEN = 32
LETTERS = "人工智能芯片语音天气晴朗查询文档：abcdefghij "


def tiny(
    folder: Path,
    *,
    pooling: str = "cls",
    prompts: dict[str, str] | None = None,
    seed: int = 1,
    family: str = "bert",
    act: str = "gelu",
) -> Path:
    """Save the model in `folder`, as its makers would; gives the folder."""
    torch.manual_seed(seed)
    inner = folder.parent / f".{folder.name}-inner"
    sizes = {"hidden_size": HIDDEN, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    sizes |= {"vocab_size": 4 + len(LETTERS), "max_position_embeddings": 40, "pad_token_id": 1, "hidden_act": act}
    kind = {"bert": (BertModel, BertConfig), "roberta": (RobertaModel, RobertaConfig)}[family]
    kind[0](kind[1](**sizes, initializer_range=0.2), add_pooling_layer=False).save_pretrained(inner)
    _tokenizer().save_pretrained(inner)
    transformer = Transformer(str(inner), max_seq_length=32)
    parts = [transformer, Pooling(HIDDEN, pooling_mode=pooling), Normalize()]
    SentenceTransformer(modules=parts, prompts=prompts or {}, device="cpu").save(str(folder))
    return folder


def _tokenizer() -> PreTrainedTokenizerFast:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *LETTERS]
    tokenizer = Tokenizer(models.WordLevel({piece: place for place, piece in enumerate(pieces)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    roles = {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=40, **roles)
