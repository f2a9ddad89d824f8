"""`evaluate duplicates`: are copies traced to their originals, and do different articles stay apart?

A FILE has one pair a line: `{"a": {"title", "text", "account"}, "b": {…}, "copy": 0 or 1}`, `account` and a word for
the pair's `kind` as you like. `a` was filed first; `copy` is 1 when whoever has `a` does not need `b`: a reprint, cut,
reworded in part or wholly contained; 0 for another article, a rewrite, and a full text whose excerpt came first.
A FOLDER has saved pages (.html) and past issues (.md): copies of every kind are made of each text by program
(`variants.py`) and filed as the product files, among all originals.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from news.evaluate.base import BadData, Figure, Progress, Report, bootstrap
from news.evaluate.folder_texts import texts
from news.evaluate.made_copies import Trial, by_kind, trials
from news.models import Article, StoryLink
from news.stories.kinship import kinship

GOLD = Path(__file__).parent / "gold" / "duplicates.jsonl"
FEWEST = 10  # copies, below which the archive says nothing
NEWEST = 1_000


@dataclass(frozen=True)
class Side:
    title: str
    text: str
    account: str


@dataclass(frozen=True)
class Pair:
    a: Side
    b: Side
    copy: bool
    kind: str


Counted = tuple[int, int, int]  # right, wrong, missed


def bundled(progress: Progress) -> Report:
    return _of_pairs(gettext("自带的小样本"), read(GOLD), progress)


def on_file(test: Path, train: Path | None, progress: Progress) -> Report:
    report = _of_folder(test, progress) if test.is_dir() else _of_pairs(test.name, read(test), progress)
    if train:
        report.notes.append(gettext("找重复不从文件里学，--train 没有用上。"))
    return report


def on_archive(progress: Progress) -> Report | None:
    """Of the copies that were found, those of which editors said that they are none; what was missed nobody knows."""
    kept = Article.objects.filter(duplicate_of__isnull=False).order_by("-pk")[:NEWEST].count()
    freed = StoryLink.objects.in_force().filter(kind=StoryLink.Kind.NO_COPY).order_by("-pk")[:NEWEST].count()
    rows = [(1, 0, 0)] * kept + [(0, 1, 0)] * freed
    progress(len(rows), len(rows))
    if len(rows) < FEWEST:
        return None
    report = Report("duplicates", gettext("本站编辑的决定"), len(rows))
    report.figures["precision"] = bootstrap(rows, _precision)
    return report


def read(path: Path) -> list[Pair]:
    """The pairs of a file, checked line by line."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    pairs = [_pair(line, f"{path.name}:{number}") for number, line in lines if line.strip()]
    if not pairs:
        raise BadData(gettext("%s：里面没有数据。") % path.name)
    return pairs


def _pair(line: str, where: str) -> Pair:
    try:
        row = json.loads(line)
        a, b, copy = row["a"], row["b"], row["copy"]
        if copy not in (0, 1):
            raise ValueError(copy)
        return Pair(_side(a), _side(b), bool(copy), str(row.get("kind", "")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        wanted = '{"a": {"title": "…", "text": "…"}, "b": {…}, "copy": 0|1}'
        raise BadData(gettext("%(where)s：这一行要像 %(wanted)s。") % {"where": where, "wanted": wanted}) from error


def _side(row: dict[str, Any]) -> Side:
    title, text, account = row.get("title", ""), row["text"], row.get("account") or ""
    if not all(isinstance(value, str) for value in (title, text, account)):
        raise TypeError(row)
    return Side(title, text, account)


def _of_pairs(data: str, pairs: list[Pair], progress: Progress) -> Report:
    rows: list[Counted] = []
    table: dict[str, dict[str, int]] = defaultdict(lambda: {"pairs": 0, "right": 0})
    for done, pair in enumerate(pairs, start=1):
        said = kinship(pair.b, pair.a).hides
        rows.append((said and pair.copy, said and not pair.copy, pair.copy and not said))
        table[pair.kind]["pairs"] += 1
        table[pair.kind]["right"] += said == pair.copy
        progress(done, len(pairs))
    report = Report("duplicates", data, len(pairs), _figures(rows))
    report.details["by_kind"] = dict(table)
    return report


def _of_folder(folder: Path, progress: Progress) -> Report:
    sources = texts(folder)
    if not sources:
        raise BadData(gettext("%s：文件夹里没有够长的网页（.html）或简报（.md）。") % folder)
    done, twice = trials(sources, progress)
    rows = [_counted(trial) for trial in done]  # a text with all its copies is one case: they stand and fall together
    report = Report("duplicates", str(folder), sum(len(trial.traced) for trial in done), _figures(rows))
    report.details["originals"] = len(sources) - len(twice)
    report.details["by_kind"] = by_kind(done)
    report.details["wrong"] = [{"of": trial.name, **wrong} for trial in done for wrong in trial.wrong]
    if twice:
        report.notes.append(gettext("本来就有两份的文章算一篇：%s") % "；".join(twice))
    return report


def _counted(trial: Trial) -> Counted:
    right = sum(found for _, found in trial.traced)
    return right, len(trial.wrong), len(trial.traced) - right


def _figures(rows: list[Counted]) -> dict[str, Figure]:
    measures = {"recall": _recall, "precision": _precision, "f1": _f1}
    return {name: bootstrap(rows, measure) for name, measure in measures.items()}


def _recall(rows: Sequence[Counted]) -> float:
    right, missed = sum(row[0] for row in rows), sum(row[2] for row in rows)
    return right / (right + missed) if right + missed else 1.0


def _precision(rows: Sequence[Counted]) -> float:
    right, wrong = sum(row[0] for row in rows), sum(row[1] for row in rows)
    return right / (right + wrong) if right + wrong else 1.0


def _f1(rows: Sequence[Counted]) -> float:
    recall, precision = _recall(rows), _precision(rows)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0
