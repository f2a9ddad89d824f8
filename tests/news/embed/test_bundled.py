"""The bundled encoder: what is kept of its vocabulary, and that a folder is only seen when it is whole."""

import json
from pathlib import Path

import numpy as np
import pytest

from news.embed import bundled, convert, packed


def test_pieces_of_other_scripts_go_and_ours_stay() -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁the", "模型", "при", "です", "한국", "３", "。", "é", "β"]
    pieces += ["été", "<mask>", "々"]
    assert [pieces[place] for place in convert.kept_pieces(pieces)] == (
        ["<s>", "<pad>", "</s>", "<unk>", "▁the", "模型", "３", "。", "é", "β", "々"]
    )


def test_a_whole_folder_is_not_built_again(tmp_path: Path) -> None:
    revision = packed.revision_of(packed.locate())
    folder = tmp_path / f"e5-small-zh-{revision}-{bundled.BUILD}"
    folder.mkdir()
    (folder / bundled.COMPLETE).write_text("{}")
    assert bundled.prepare(tmp_path) == folder
    assert [path.name for path in folder.iterdir()] == [bundled.COMPLETE]


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packed, "PACKAGE", "no_such_package")
    with pytest.raises(packed.BrokenModel, match=r"no_such_package with e5-small-q4\.bin is not installed"):
        bundled.prepare(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_built_from_the_package_over_a_broken_folder_it_is_an_ordinary_model(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    revision = packed.revision_of(packed.locate())
    broken = tmp_path / f"e5-small-zh-{revision}-{bundled.BUILD}"
    broken.mkdir()
    (broken / "model.safetensors").write_bytes(b"half")
    steps: list[tuple[str, float]] = []
    folder = bundled.prepare(tmp_path, lambda step, share: steps.append((step, share)))
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert steps == [("vocabulary", 0.0), ("weights", 0.2), ("tokenizer", 0.8), ("done", 1.0)]
    assert json.loads((folder / bundled.COMPLETE).read_text()) == {
        "name": "e5-small-zh",
        "revision": f"{revision}-{bundled.BUILD}",
        "from": "e5-small-q4.bin",
    }
    model = SentenceTransformer(str(folder), local_files_only=True, device="cpu")
    assert model.prompts["query"] == "query: "
    vector = model.encode("智能音箱", prompt_name="query", show_progress_bar=False)
    assert (vector.shape, round(float(np.linalg.norm(vector)), 5)) == ((384,), 1.0)
