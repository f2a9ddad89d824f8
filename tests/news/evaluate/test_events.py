"""`evaluate events`: its figures, what it learns from, and what it says of bad files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from news.evaluate import events
from news.evaluate.base import BadData
from news.models import Article, StoryDecision, StoryLink
from news.stories.pairs.learn import Pair
from tests.news.articles import make_article
from tests.news.stories.labelled import labelled


def quietly(_done: int, _of: int) -> None:
    """Nobody watches."""


def written(path: Path, pairs: list[Pair]) -> Path:
    rows = [{"a": pair.one, "b": pair.other, "same": int(pair.same)} for pair in pairs]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def models(settings: object, tmp_path: Path) -> Path:
    from news.embed import encoder

    encoder()
    settings.MODELS_DIR = tmp_path / "models"  # type: ignore[attr-defined]
    return tmp_path / "models"


def test_the_bundled_pairs(db: None, models: Path) -> None:
    report = events.bundled(quietly)
    figures = {name: round(figure.value, 2) for name, figure in report.figures.items()}
    assert figures == FIGURES
    assert report.cases == 64


FIGURES = {
    "f1": 0.64,
    "precision": 0.48,
    "recall": 0.96,
    "auc": 0.8,
    "right_same": 0.96,
    "right_followup": 0.0,
    "right_subject": 0.33,
    "right_number": 0.9,
}


def test_it_learns_from_the_training_file_once(db: None, models: Path, tmp_path: Path) -> None:
    pairs = labelled()
    train, test = written(tmp_path / "train.jsonl", pairs[:159]), written(tmp_path / "test.jsonl", pairs[156:])
    first = events.on_file(test, train, quietly)
    (kept,) = (models / "judges").iterdir()
    made = kept.stat().st_mtime_ns
    steps: list[tuple[int, int]] = []
    again = events.on_file(test, train, lambda done, of: steps.append((done, of)))
    assert again.as_json() == first.as_json()
    assert (kept.stat().st_mtime_ns, steps) == (made, [(24, 24)])
    assert first.figures["f1"].value > 0.7
    assert first.notes == ["有 3 对也在训练数据里：数字偏高。"]


def test_without_a_training_file_the_judge_in_use_is_measured(db: None, models: Path, tmp_path: Path) -> None:
    report = events.on_file(written(tmp_path / "test.jsonl", labelled()), None, quietly)
    assert list(report.figures) == ["f1", "precision", "recall", "auc"]
    assert not (models / "judges").exists()


@pytest.mark.parametrize(
    "line", ["{", '{"a": "甲", "b": "乙"}', '{"a": "甲", "b": 1, "same": 0}', '["甲", "乙", 1]', "\udcff"]
)
def test_a_bad_line_is_named(db: None, tmp_path: Path, line: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(b'{"a": "x", "b": "y", "same": 1}\n\n' + line.encode("utf-8", "surrogateescape") + b"\n")
    with pytest.raises(BadData, match=r"pairs\.jsonl 第 3 行不是"):
        events.on_file(file, None, quietly)


def test_an_empty_file_and_one_that_teaches_nothing(db: None, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    with pytest.raises(BadData, match="没有数据"):
        events.on_file(empty, None, quietly)
    few = written(tmp_path / "few.jsonl", labelled()[:30])
    with pytest.raises(BadData, match="各要 50 对以上，现在是 10, 20"):
        events.on_file(few, few, quietly)


def test_the_archive_is_what_editors_put_together_and_parted(db: None, models: Path) -> None:
    assert events.on_archive(quietly) is None
    decision = StoryDecision.objects.create(kind=StoryDecision.Kind.SPLIT)
    for pair in labelled()[:30]:
        one, other = (_article(title) for title in (pair.one, pair.other))
        kind = StoryLink.Kind.MUST if pair.same else StoryLink.Kind.CANNOT
        StoryLink.objects.create(one=one, other=other, kind=kind, decision=decision)
    report = events.on_archive(quietly)
    assert report is not None
    assert (report.data, report.cases) == ("本站编辑的决定", 30)


def _article(title: str) -> Article:
    return make_article(title, "这里是正文。")
