"""`evaluate extract`: are saved pages read as their labels say?

`--test FOLDER` has a `gold.jsonl` with one label a line (`file`, relative to the folder, and what `page_grade.py`
reads) and the saved pages; `--test` may also name that file itself. A page is fully right when every field is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from news.evaluate.base import BadData, Figure, Progress, Report, bootstrap
from news.evaluate.page_grade import FIELDS, grade
from news.extract import Page, read
from news.extract.saved import NotSaved, open_saved
from news.models import Article, Origin, PageState, Snapshot

GOLD = Path(__file__).parent / "gold" / "extract"
NEEDED = ("file", "state", "body_chars")
NEEDED_OF_OK = ("title", "account", "published", "must_contain", "images")
FEWEST, NEWEST = 10, 1_000

Graded = dict[str, bool]


def bundled(progress: Progress) -> Report:
    return _graded(gettext("自带的网页"), GOLD / "gold.jsonl", progress)


def on_file(test: Path, train: Path | None, progress: Progress) -> Report:
    labels = test / "gold.jsonl" if test.is_dir() else test
    if not labels.is_file():
        raise BadData(gettext("%s：里面没有 gold.jsonl，不知道网页应该读成什么。") % test)
    report = _graded(str(test), labels, progress)
    if train:
        report.notes.append(gettext("读网页不从文件里学，--train 没有用上。"))
    return report


def on_archive(progress: Progress) -> Report | None:
    """Of the pages that a crawl brought and that were read as articles, those that no editor handed in once more."""
    good = Snapshot.objects.filter(article=OuterRef("pk"), origin=Origin.CRAWL, state=PageState.OK)
    again = Snapshot.objects.filter(article=OuterRef("pk"), origin=Origin.HAND)
    newest = Article.objects.filter(Exists(good)).order_by("-pk").values_list(Exists(again), flat=True)[:NEWEST]
    kept = [not was_handed_in for was_handed_in in newest]
    progress(len(kept), len(kept))
    if len(kept) < FEWEST or all(kept):
        return None  # nobody corrected anything: that says nothing
    report = Report("extract", gettext("本站编辑重新交稿的网页"), len(kept))
    report.figures["kept"] = bootstrap(kept, lambda rows: sum(rows) / len(rows))
    return report


def _graded(data: str, labels: Path, progress: Progress) -> Report:
    rows: list[Graded] = []
    wrong: list[dict[str, object]] = []
    wanted = _labels(labels)
    for done, label in enumerate(wanted, start=1):
        found = grade(label, _page(labels.parent / label["file"], labels, done))
        rows.append(found)
        if fields := [field for field in FIELDS if found.get(field) is False]:
            wrong.append({"file": label["file"], "fields": fields})
        progress(done, len(wanted))
    report = Report("extract", data, len(rows), _figures(rows))
    report.details["wrong"] = wrong
    return report


def _figures(rows: list[Graded]) -> dict[str, Figure]:
    whole = {"pages": Figure(len(rows)), "fully_right": Figure(sum(all(row.values()) for row in rows))}
    share = {"fully_right_share": bootstrap(rows, lambda some: sum(all(row.values()) for row in some) / len(some))}
    graded = [field for field in FIELDS if any(field in row for row in rows)]
    return whole | share | {field: bootstrap([row for row in rows if field in row], _right(field)) for field in graded}


def _right(field: str) -> Callable[[Sequence[Graded]], float]:
    return lambda rows: sum(row[field] for row in rows) / len(rows)


def _labels(path: Path) -> list[dict[str, Any]]:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    labels = [_label(line, f"{path.name}:{number}") for number, line in lines if line.strip()]
    if not labels:
        raise BadData(gettext("%s：里面没有数据。") % path.name)
    return labels


def _label(line: str, where: str) -> dict[str, Any]:
    try:
        label = json.loads(line)
        missing = [name for name in NEEDED if name not in label]
        missing += [name for name in NEEDED_OF_OK if name not in label and label.get("state") == "ok"]
    except (ValueError, TypeError) as error:
        raise BadData(gettext("%s：这一行不是 JSON 对象。") % where) from error
    if missing:
        raise BadData(gettext("%(where)s：缺 %(fields)s。") % {"where": where, "fields": "、".join(missing)})
    return label


def _page(file: Path, labels: Path, number: int) -> Page:
    if not file.is_file():
        raise BadData(
            gettext("%(where)s：没有 %(file)s 这个网页。") % {"where": f"{labels.name}:{number}", "file": file}
        )
    data = file.read_bytes()
    try:
        saved = open_saved(data, file.name)
    except NotSaved:
        return read(data)
    return read(saved.body, url=saved.url, content_type=saved.content_type)
