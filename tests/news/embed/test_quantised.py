"""Models of other makers in 8 bits: their pooling, prompts and positions; what cannot be run so; what is damaged."""

import json
from pathlib import Path

import numpy as np
import pytest

from news.embed import choose, export
from news.embed.folder import Unsupported, describe, prompt_for
from news.embed.quantised import Damaged, QuantisedEncoder
from news.embed.sentence import SentenceEncoder
from tests.news.embed.tiny import tiny

TEXTS = ["人工智能芯片", "天气", "abc", "", "语音" * 50]
PROMPTS = {"query": "查询：", "document": "文档："}


def cosines(one: np.ndarray, other: np.ndarray) -> list[float]:
    return [float(value) for value in np.sum(one * other, axis=1)]


@pytest.mark.parametrize(("family", "pooling"), [("bert", "cls"), ("bert", "mean"), ("roberta", "mean")])
def test_its_own_pooling_and_prompts_are_kept(tmp_path: Path, family: str, pooling: str) -> None:
    source = tiny(tmp_path / "model", family=family, pooling=pooling, prompts=PROMPTS)
    ours = QuantisedEncoder(export.prepare(source, tmp_path / "models", "model", "1", trusted=True))
    theirs = SentenceEncoder(str(source), "cpu", local=True)
    assert (ours.name, ours.revision, ours.dimension, ours.calibration) == ("model", "1-int8.2", 32, None)
    queries, passages = (ours.encode(TEXTS, "query"), ours.encode(TEXTS, "passage"))
    assert min(cosines(queries, theirs.encode(TEXTS, "query"))) > 0.99
    assert min(cosines(passages, theirs.encode(TEXTS, "passage"))) > 0.99
    assert min(cosines(queries, passages)) < 0.98
    model = theirs._model
    direct = model.encode([PROMPTS["document"] + text for text in TEXTS], prompt="", show_progress_bar=False)
    assert np.allclose(theirs.encode(TEXTS, "passage"), direct, atol=1e-5)


def test_a_vector_is_the_same_to_the_bit_in_any_company(tmp_path: Path) -> None:
    source = tiny(tmp_path / "model")
    ours = QuantisedEncoder(export.prepare(source, tmp_path / "models", "model", "1", trusted=True))
    alone = np.concatenate([ours.encode([text]) for text in TEXTS])
    assert np.array_equal(ours.encode(TEXTS), alone)
    assert np.array_equal(ours.encode(TEXTS[::-1])[::-1], alone)


def test_what_cannot_be_run_so_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    last = tiny(tmp_path / "last", pooling="lasttoken")
    relu = tiny(tmp_path / "relu", act="relu")
    for source, why in [(last, "its pooling is lasttoken, not mean or cls"), (relu, "bert with relu is not a BERT")]:
        with pytest.raises(Unsupported, match=why):
            export.prepare(source, tmp_path / "models", source.name, "1")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_model_that_becomes_too_different_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tiny(tmp_path / "model")
    monkeypatch.setattr(export, "LEAST_COSINE", 1.01)
    with pytest.raises(Unsupported, match=r"its 8-bit vectors have cosine .*, 1\.01 is the least"):
        export.prepare(source, tmp_path / "models", "model", "1")


def test_a_folder_that_was_broken_off_is_replaced_and_a_whole_one_kept(tmp_path: Path) -> None:
    source = tiny(tmp_path / "model")
    target = export.place(tmp_path / "models", "model", "1")
    target.mkdir(parents=True)
    (target / export.GRAPH).write_bytes(b"half")
    assert export.prepare(source, tmp_path / "models", "model", "1", trusted=True) == target
    made = (target / export.GRAPH).stat().st_mtime_ns
    export.prepare(source, tmp_path / "models", "model", "1", trusted=True)
    assert (target / export.GRAPH).stat().st_mtime_ns == made
    assert [path.name for path in target.parent.iterdir()] == ["model-1-int8.2"]


def test_a_damaged_file_is_not_run_and_torch_takes_over(
    tmp_path: Path, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MODELS_DIR = tmp_path / "models"  # type: ignore[attr-defined]
    source = tiny(tmp_path / "model")
    fast = choose.engine(str(source))
    assert isinstance(fast, QuantisedEncoder)
    graph = fast._folder / export.GRAPH
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    with pytest.raises(Damaged, match=r"model\.onnx is missing or damaged; remove model-"):
        QuantisedEncoder(fast._folder)
    slow = choose.engine(str(source))
    assert isinstance(slow, SentenceEncoder)
    assert slow.name == fast.name
    assert f"{slow.revision}-int8.2" == fast.revision
    assert len([line for line in caplog.messages if "runs in torch and not in 8 bits" in line]) == 1


def test_a_pooling_without_our_modes_is_used_in_torch(tmp_path: Path, settings: object) -> None:
    settings.MODELS_DIR = tmp_path / "models"  # type: ignore[attr-defined]
    source = tiny(tmp_path / "last", pooling="lasttoken", prompts=PROMPTS)
    engine = choose.engine(str(source))
    assert isinstance(engine, SentenceEncoder)
    assert np.allclose(np.linalg.norm(engine.encode(TEXTS), axis=1), 1, atol=1e-5)


def test_the_setting_turns_it_off(tmp_path: Path, settings: object) -> None:
    settings.EMBED_QUANTISED = False  # type: ignore[attr-defined]
    assert isinstance(choose.engine(str(tiny(tmp_path / "model"))), SentenceEncoder)


def test_pooling_in_the_words_of_older_folders(tmp_path: Path) -> None:
    source = tiny(tmp_path / "model")
    place = source / "1_Pooling" / "config.json"
    place.write_text(json.dumps({"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True}))
    assert describe(source).pooling == "mean"
    place.write_text(json.dumps({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}))
    with pytest.raises(Unsupported, match="its pooling is cls and mean, not mean or cls"):
        describe(source)
    place.write_text(json.dumps({"pooling_mode_mean_tokens": True, "include_prompt": False}))
    with pytest.raises(Unsupported, match="its pooling leaves the prompt out"):
        describe(source)


def test_prompts_by_whatever_name() -> None:
    assert prompt_for(PROMPTS, "passage") == "文档："
    assert prompt_for({"passage": "p", "document": "d"}, "passage") == "p"
    assert prompt_for({}, "query", "default") == "default"
