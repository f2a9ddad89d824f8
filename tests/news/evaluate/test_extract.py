"""Reading saved pages, measured: the bundled pages, a folder of one's own, and files that are none."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from news.evaluate import extract
from news.evaluate.base import BadData
from news.evaluate.page_grade import grade
from news.extract.base import Page
from news.models import Origin, PageState, Snapshot
from tests.news.articles import make_article

LABEL = {
    "file": "a.html",
    "state": "ok",
    "title": "标题",
    "account": "夜班工程师",
    "published": "2026-03-02T08:30:00+08:00",
    "images": 0,
    "must_contain": ["旧机器"],
    "body_chars": 20,
}
TEXT = "今天把服务搬到了一台旧机器上，很慢很慢。"


def quiet(done: int, of: int) -> None:
    """No progress is shown."""


def test_the_bundled_pages_are_all_read_right() -> None:
    report = extract.bundled(quiet)
    assert report.details["wrong"] == []
    assert (report.figures["pages"].value, report.figures["fully_right"].value) == (34, 34)
    assert {name: report.figures[name].value for name in ("title", "account", "date", "text")} == {
        "title": 1.0,
        "account": 1.0,
        "date": 1.0,
        "text": 1.0,
    }


def test_the_shared_pages_are_all_read_right(shared: Path) -> None:
    report = extract.on_file(shared / "corpus", None, quiet)
    assert (report.cases, report.figures["fully_right"].value, report.details["wrong"]) == (62, 62, [])


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({}, []),
        ({"title": "标 题"}, ["title"]),
        ({"account": "别人"}, ["account"]),
        ({"images": 2}, ["images"]),
        ({"text": TEXT[:8]}, ["text"]),
        ({"state": "deleted", "text": ""}, ["state", "text"]),
    ],
)
def test_each_field_is_graded(columns: dict, wrong: list[str]) -> None:
    page = Page(
        **{
            "state": "ok",
            "site": "wechat",
            "title": "标题",
            "account": "夜班工程师",
            "published": datetime.fromisoformat("2026-03-02T00:30:59+00:00"),
            "text": TEXT,
            **columns,
        }
    )
    assert [field for field, right in grade(LABEL, page).items() if not right] == wrong


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "gold.jsonl:1：这一行不是 JSON 对象。"),
        ('{"file": "a.html", "state": "ok", "body_chars": 1}', "gold.jsonl:1：缺 title、account、published"),
        (json.dumps({**LABEL, "file": "none.html"}), "gold.jsonl:1：没有"),
        ("", "gold.jsonl：里面没有数据。"),
    ],
)
def test_a_bad_label_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "gold.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadData, match=said):
        extract.on_file(tmp_path, None, quiet)


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"里面没有 gold\.jsonl"):
        extract.on_file(tmp_path, None, quiet)


def test_the_archive_speaks_once_an_editor_handed_a_page_in_again(db: None) -> None:
    articles = [make_article(f"标题{number}", f"正文{number}") for number in range(10)]
    for article in articles:
        _snapshot(article, Origin.CRAWL)
    assert extract.on_archive(quiet) is None
    _snapshot(articles[0], Origin.HAND)
    report = extract.on_archive(quiet)
    assert report is not None
    assert (report.cases, report.figures["kept"].value) == (10, 0.9)


def _snapshot(article, origin: str) -> None:
    Snapshot.objects.create(
        article=article,
        url=article.url,
        status=200,
        packed=b"",
        size=0,
        sha256=origin,
        origin=origin,
        state=PageState.OK,
    )
