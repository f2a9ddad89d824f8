"""`evaluate topics`: figures that can be checked, on gold of our own; wrong lines are named."""

import json
from pathlib import Path

import pytest

from news.evaluate.base import BadData
from news.evaluate.topics import GOLD, bundled, macro_f1, on_archive, on_file, read_rows
from news.models import TopicHead, TopicReview
from tests.news.articles import make_article

A, B = frozenset("a"), frozenset("b")


def quiet(done: int, of: int) -> None:
    assert done <= of


def test_macro_f1_is_the_mean_over_topics_that_occur() -> None:
    assert macro_f1([(A, A), (A, B), (B, B)], ["a", "b", "c"]) == pytest.approx(2 / 3, abs=1e-4)
    assert macro_f1([], ["a"]) == 0


@pytest.mark.django_db
def test_the_product_as_it_comes_on_our_own_gold() -> None:
    report = bundled(quiet)
    assert report.cases == 73
    assert {slug for row in read_rows(GOLD) for slug in row.topics} == set(report.details["per_topic"])  # type: ignore[call-overload]
    assert report.as_json()["macro_f1"] == pytest.approx(0.91, abs=0.02)  # other processors round otherwise
    assert report.figures["macro_f1"].low < report.figures["macro_f1"].value < report.figures["macro_f1"].high  # type: ignore[operator]


@pytest.mark.django_db
def test_what_a_file_teaches_is_used_and_nothing_is_kept(tmp_path: Path) -> None:
    """A file that calls every chip a scientific matter is believed, like an editor."""
    lines = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    strange = [line | {"topics": ["science"]} for line in lines if "chips" in line["topics"]]
    train, test = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    for path in (train, test):
        path.write_text("\n".join(json.dumps(line) for line in strange), encoding="utf-8")
    before, after = on_file(test, None, quiet), on_file(test, train, quiet)
    assert before.figures["macro_f1"].value < after.figures["macro_f1"].value
    assert (after.cases, TopicHead.objects.count()) == (len(strange), 0)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("no", "第 2 行不是 JSON"),
        ('{"title": "标题"}', "第 2 行要有 title、text"),
        ('{"title": "标题", "topics": ["weather"]}', "第 2 行的主题 weather 不认识"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, wanted: str) -> None:
    file = tmp_path / "wrong.jsonl"
    file.write_text('{"title": "标题", "topics": []}\n' + line, encoding="utf-8")
    with pytest.raises(BadData, match=wanted):
        read_rows(file)


def test_an_empty_file_says_what_to_put_in(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(BadData, match="一行一个 JSON"):
        read_rows(tmp_path / "empty.jsonl")


@pytest.mark.django_db
def test_the_archive_speaks_from_twenty_reviews_on() -> None:
    from news.models import Topic

    topic = Topic.objects.get_or_create(slug="tea", defaults={"name": "茶", "name_en": "Tea", "description": "茶。"})[0]
    article = make_article("一壶茶", "水开了。")
    for number in range(20):
        assert on_archive(quiet) is None
        machine = [topic.pk] if number % 2 else []
        TopicReview.objects.create(article=article, judged=[topic.pk], machine=machine, right=[topic.pk])
    report = on_archive(quiet)
    assert report is not None
    assert (report.cases, report.as_json()["macro_f1"]) == (20, 0.6667)
