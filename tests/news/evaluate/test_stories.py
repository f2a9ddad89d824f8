"""`evaluate stories`: its figures on the bundled gold, what it refuses, and that it leaves nothing behind."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from news.evaluate import stories
from news.evaluate.base import BadData
from news.evaluate.stories_figures import Row, b_cubed_f1, pairwise_f1, pairwise_precision, pairwise_recall, shares
from news.models import Article, Embedding, Story
from news.stories import place
from news.stories.decide import merge, split
from tests.news.articles import make_article
from tests.news.stories.test_decide import HEADLINES, TELLINGS

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def quiet(done: int, of: int) -> None:
    pass


def rows(*stories_of: str, ambiguous: tuple[int, int] = (-1, -1)) -> list[Row]:
    one, other = ambiguous
    return [
        Row(str(n), "", "", "", "2026-03-02", "", story, False, frozenset({str(other)} if n == one else ()))
        for n, story in enumerate(stories_of)
    ]


def test_the_figures_of_a_grouping_worked_out_by_hand() -> None:
    parts = shares(rows("a", "a", "a", "b", "b"), [1, 1, 2, 2, 3])
    # right pairs found: 01; wrong: 23; missed: 02, 12, 34
    assert (pairwise_precision(parts), pairwise_recall(parts), pairwise_f1(parts)) == (0.5, 0.25, pytest.approx(1 / 3))
    precision, recall = (1 + 1 + 0.5 + 0.5 + 1) / 5, (2 / 3 + 2 / 3 + 1 / 3 + 0.5 + 0.5) / 5
    assert b_cubed_f1(parts) == pytest.approx(2 * precision * recall / (precision + recall))


def test_ambiguous_pairs_do_not_count() -> None:
    assert pairwise_precision(shares(rows("a", "b"), [1, 1])) == 0.0
    assert pairwise_precision(shares(rows("a", "b", ambiguous=(1, 0)), [1, 1])) == 1.0


@pytest.mark.usefixtures("db")
def test_the_bundled_gold_through_the_products_own_filing() -> None:
    mine = make_article(HEADLINES[0], TELLINGS[0].format(HEADLINES[0]), published_at=MONDAY)
    place(mine)
    before = (Article.objects.count(), Story.objects.count(), Embedding.objects.count())
    seen: list[tuple[int, int]] = []
    report = stories.bundled(lambda done, of: seen.append((done, of)))
    flat = report.as_json()
    assert (flat["kind"], flat["cases"], seen[-1]) == ("stories", 55, (6, 6))
    assert flat["pairwise_f1"] == flat["pairwise_f1_random_order"] == flat["pairwise_f1_random_order_worst"]
    assert flat["pairwise_f1"] >= 0.85
    assert flat["b_cubed_f1"] >= 0.95
    assert (Article.objects.count(), Story.objects.count(), Embedding.objects.count()) == before
    assert Article.objects.get() == mine


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "rows.jsonl:2：读不懂"),
        ('{"id": "2", "title": "a", "date": "2026-03-02"}', "rows.jsonl:2：缺少 'story'"),
        ('{"id": "2", "title": "a", "date": "yesterday", "story": 1}', "rows.jsonl:2：读不懂"),
        ('{"id": "1", "title": "a", "date": "2026-03-02", "story": 1}', "rows.jsonl：有重复的 id"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "rows.jsonl"
    good = json.dumps({"id": "1", "title": "a", "date": "2026-03-02", "story": 1})
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadData, match=says.replace(".", r"\.")):
        stories.read(path)


@pytest.mark.usefixtures("db")
def test_the_archive_speaks_once_editors_decided_enough() -> None:
    editor = User.objects.create(username="editor")
    for number, title in enumerate(HEADLINES):
        place(make_article(title, TELLINGS[number].format(title), published_at=MONDAY, account=f"{number}"))
    story = Story.objects.get()
    assert stories.on_archive(quiet) is None
    keys = list(story.articles.order_by("pk").values_list("pk", flat=True))
    split(story, keys[:2], editor)
    other = make_article("果园换了阀门", "灌溉的事，和芯片没有关系。", published_at=MONDAY, account="园")
    place(other)
    assert other.story
    merge(story, other.story, editor)
    report = stories.on_archive(quiet)
    assert report
    # Two were parted from four, against the machine; of what was put together, the orchard is against it.
    assert (report.cases, report.figures["cannot_agreement"].value) == (13, 0.0)
    assert report.figures["must_agreement"].value == pytest.approx(4 / 5)
