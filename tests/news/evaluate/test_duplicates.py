"""Copies, measured: the bundled pairs, a file of pairs, a folder from which copies are made, and the editors' word."""

import json
from pathlib import Path

import pytest

from news.evaluate import duplicates
from news.evaluate.base import BadData
from news.evaluate.variants import KINDS, variants
from news.models import Article, Sketch, Story
from news.stories.decide import no_copy
from tests.news.articles import make_article
from tests.news.stories.test_kinship import SENTENCES, TEXT, TITLE


def quiet(done: int, of: int) -> None:
    """No progress is shown."""


def test_the_bundled_pairs_are_all_told_right() -> None:
    report = duplicates.bundled(quiet)
    assert report.cases == 44
    assert {name: figure.value for name, figure in report.figures.items()} == {
        "recall": 1.0,
        "precision": 1.0,
        "f1": 1.0,
    }


def test_figures_of_a_file_are_counted_by_kind(tmp_path: Path) -> None:
    a = {"title": TITLE, "text": TEXT, "account": "甲"}
    other = {
        "title": "另一件事",
        "text": "另外一件和鸟没有任何关系的事情，发生在城市另一头的一间仓库里，和阳台也没有关系。",
    }
    lines = [
        {"a": a, "b": {"title": "改了标题", "text": TEXT}, "copy": 1, "kind": "retitled"},
        {"a": a, "b": other, "copy": 0, "kind": "other"},
        {"a": a, "b": other, "copy": 1, "kind": "other"},
        {"a": a, "b": {"title": TITLE, "text": "".join(SENTENCES[:4])}, "copy": 0, "kind": "cut"},
    ]
    test = tmp_path / "pairs.jsonl"
    test.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    report = duplicates.on_file(test, None, quiet)
    flat = report.as_json()
    assert [flat[name] for name in ("recall", "precision", "f1")] == [0.5, 0.5, 0.5]
    assert flat["by_kind"] == {
        "retitled": {"pairs": 1, "right": 1},
        "other": {"pairs": 2, "right": 1},
        "cut": {"pairs": 1, "right": 0},
    }


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"a": {"text": "x"}, "copy": 1}', '{"a": {"text": "x"}, "b": {"text": 3}, "copy": 1}']
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    test = tmp_path / "pairs.jsonl"
    test.write_text('{"a": {"text": "x"}, "b": {"text": "y"}, "copy": 0}\n' + line, encoding="utf-8")
    with pytest.raises(BadData, match=r"pairs\.jsonl:2：这一行要像"):
        duplicates.on_file(test, None, quiet)


@pytest.mark.django_db
def test_copies_of_every_kind_made_of_a_folder_are_traced_and_nothing_stays(tmp_path: Path) -> None:
    for name, (title, text) in _own_texts().items():
        (tmp_path / f"{name}.md").write_text(f"# {title}\n{text}", encoding="utf-8")
    report = duplicates.on_file(tmp_path, None, quiet)
    table = report.details["by_kind"]
    assert set(table) == set(KINDS) - {"reworded_05"} | set(table)
    assert (report.details["originals"], report.details["wrong"]) == (6, [])
    assert (report.figures["recall"].value, report.figures["precision"].value) == (1.0, 1.0)
    assert (Article.objects.count(), Sketch.objects.count()) == (0, 0)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="没有够长的网页"):
        duplicates.on_file(tmp_path, None, quiet)


def test_the_same_seed_makes_the_same_copies() -> None:
    made = variants(TITLE, TEXT, 1)
    assert made == variants(TITLE, TEXT, 1)
    assert {variant.kind for variant in made} <= set(KINDS)
    assert all((variant.title, variant.text) != (TITLE, TEXT) for variant in made)


def test_an_archive_with_few_copies_says_nothing(db: None) -> None:
    first = make_article(TITLE, TEXT)
    make_article("改了标题", TEXT, duplicate_of=first)
    assert duplicates.on_archive(quiet) is None
    for number in range(9):
        make_article(f"改了标题{number}", TEXT, duplicate_of=first)
    report = duplicates.on_archive(quiet)
    assert report is not None
    assert (report.cases, report.figures["precision"].value) == (10, 1.0)
    story = Story.objects.create()
    Article.objects.filter(title="改了标题8").update(story=story)
    no_copy(Article.objects.get(title="改了标题8"), None)
    report = duplicates.on_archive(quiet)
    assert report is not None
    assert (report.cases, report.figures["precision"].value) == (10, 0.9)


def _own_texts() -> dict[str, tuple[str, str]]:
    """The originals of the bundled pairs."""
    lines = [json.loads(line) for line in duplicates.GOLD.read_text(encoding="utf-8").splitlines()]
    titles = {line["a"]["title"]: line["a"]["text"] for line in lines if line["kind"] == "无关"}
    return {f"own{number}": pair for number, pair in enumerate(titles.items())}
