"""`evaluate stories`: labelled tellings through the product's own filing, in the order of time and in random orders."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from django.utils.translation import gettext

from news.embed import article_text, fingerprint
from news.embed.serving import serving
from news.embed.stored import stored_vectors
from news.evaluate import stories_figures as figures
from news.evaluate.apart import apart, empty
from news.evaluate.base import SEED, BadData, Figure, Progress, Report, bootstrap
from news.evaluate.stories_figures import Row
from news.models import Article, Stage, Story, StoryLink
from news.stories import place
from news.stories.around import tellings
from news.stories.gather import SAME
from news.stories.likely import likely

GOLD = Path(__file__).parent / "gold" / "stories.jsonl"
ORDERS = 5  # random ones
FEWEST_LINKS = 10  # of editors, below which the archive says nothing
NEWEST_LINKS = 1_000


def bundled(progress: Progress) -> Report:
    return _measured(gettext("自带的小样本"), read(GOLD), progress)


def on_file(test: Path, train: Path | None, progress: Progress) -> Report:
    report = _measured(test.name, read(test), progress)
    if train:
        report.notes.append(gettext("归入事件不从文件里学，--train 没有用上。"))
    return report


def on_archive(progress: Progress) -> Report | None:
    """What the machine alone would say of the pairs on which editors gave their word; intervals over decisions."""
    links = list(StoryLink.objects.in_force().select_related("one", "other").order_by("-pk")[:NEWEST_LINKS])
    calibration = serving().calibration
    if len(links) < FEWEST_LINKS or calibration is None:
        return None
    decisions: dict[int, list[tuple[bool, bool]]] = {}
    for done, link in enumerate(links, start=1):
        one, other = tellings([link.one, link.other])
        is_same = bool(likely(one, [other], calibration)[0] >= SAME)
        decisions.setdefault(link.decision_id, []).append((link.kind == StoryLink.Kind.MUST, is_same))
        progress(done, len(links))
    rows = list(decisions.values())
    report = Report("stories", gettext("本站编辑的拆分与合并"), len(links))
    report.figures["agreement"] = bootstrap(rows, _agreement)
    for name, wanted in (("must_agreement", True), ("cannot_agreement", False)):
        of_kind = [[pair for pair in row if pair[0] is wanted] for row in rows]
        if kept := [row for row in of_kind if row]:
            report.figures[name] = bootstrap(kept, _agreement)
    return report


def read(path: Path) -> list[Row]:
    """The rows of a file in the format of the shared `stories` data set, checked line by line."""
    rows = [
        _row(line, f"{path.name}:{number}")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip()
    ]
    if len({row.key for row in rows}) < len(rows):
        raise BadData(gettext("%s：有重复的 id，每行的 id 要不同。") % path.name)
    if not rows:
        raise BadData(gettext("%s：里面没有数据。") % path.name)
    return rows


def _row(line: str, where: str) -> Row:
    try:
        given: dict[str, Any] = json.loads(line)
        datetime.fromisoformat(given["date"])
        return Row(
            key=str(given["id"]),
            title=str(given["title"]),
            text=str(given.get("text") or ""),
            url=str(given.get("url") or ""),
            date=given["date"],
            account=re.split(r"[_-]*\d", str(given.get("file") or ""))[0],
            story=str(given["story"]),
            is_repo=given.get("kind") == "repo",
            ambiguous=frozenset(map(str, given.get("ambiguous_with") or [])),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise BadData(gettext("%(where)s：读不懂（%(why)s）。") % {"where": where, "why": error}) from error
    except KeyError as error:
        raise BadData(gettext("%(where)s：缺少 %(name)s。") % {"where": where, "name": error}) from error


def _measured(data: str, rows: Sequence[Row], progress: Progress) -> Report:
    orders = _orders(rows)
    found: list[list[int]] = []
    with apart():
        stored_vectors([article_text(row.title, row.text) for row in rows])
        for order in orders:
            found.append(_file(rows, order))
            progress(len(found), len(orders))
    in_time, *at_random = [_figures(rows, groups) for groups in found]
    report = Report("stories", data, len(rows), figures=in_time)
    for name in ("pairwise_f1", "pairwise_f1_news", "b_cubed_f1"):
        values = [run[name].value for run in at_random if name in run]
        if values:
            report.figures[f"{name}_random_order"] = Figure(fmean(values))
            report.figures[f"{name}_random_order_worst"] = Figure(min(values))
    report.details["random_orders"] = len(at_random)
    report.details["wrong_pairs"] = _wrong(rows, found[0])
    return report


def _orders(rows: Sequence[Row]) -> list[list[int]]:
    """By date, then as in the file; and at random."""
    in_time = sorted(range(len(rows)), key=lambda place: (rows[place].date, place))
    dice = random.Random(SEED)  # noqa: S311 - orders to try, no secrets
    return [in_time, *(dice.sample(in_time, len(in_time)) for _ in range(ORDERS))]


def _file(rows: Sequence[Row], order: Sequence[int]) -> list[int]:
    """File the rows one after the other, as the pipeline would; the story of each row."""
    empty(*(model._meta.db_table for model in (Article, Story)))
    made = {number: _article(rows[number], number) for number in order}
    for number in order:
        made[number].save()
        place(made[number])
    standing = dict(Article.objects.values_list("pk", "story"))
    return [standing[made[number].pk] for number in range(len(rows))]


def _article(row: Row, number: int) -> Article:
    """The page that the row names is the article's source: several rows may name one."""
    return Article(
        canonical_url=f"https://evaluation.invalid/{number:06}",
        url=f"https://evaluation.invalid/{number:06}",
        host="evaluation.invalid",
        stage=Stage.EMBEDDED,
        title=row.title[:500],
        text=row.text,
        text_hash=fingerprint(article_text(row.title, row.text)),
        account=row.account[:200],
        source_url=row.url[:2000],
        published_at=datetime.fromisoformat(row.date).replace(tzinfo=UTC),
    )


def _figures(rows: Sequence[Row], found: Sequence[int]) -> dict[str, Figure]:
    parts = figures.shares(rows, found)
    measured = figures.figures(parts)
    if news := [place for place, row in enumerate(rows) if not row.is_repo]:
        of_news = figures.shares([rows[place] for place in news], [found[place] for place in news])
        measured |= figures.figures(of_news, "_news")
    for name in ("b_cubed_f1", "b_cubed_precision", "b_cubed_recall"):
        measured[name] = bootstrap(parts, getattr(figures, name))
    return measured


def _wrong(rows: Sequence[Row], found: Sequence[int]) -> dict[str, list[list[str]]]:
    """The pairs that were judged wrong, by their ids: what to look at first."""
    joined: list[list[str]] = []
    missed: list[list[str]] = []
    for later, row in enumerate(rows):
        for earlier in range(later):
            other = rows[earlier]
            if other.key in row.ambiguous or row.key in other.ambiguous:
                continue
            is_found, is_right = found[later] == found[earlier], row.story == other.story
            if is_found != is_right:
                (joined if is_found else missed).append([other.key, row.key])
    return {"joined": joined, "missed": missed}


def _agreement(rows: Sequence[Sequence[tuple[bool, bool]]]) -> float:
    pairs = [pair for row in rows for pair in row]
    return sum(said == found for said, found in pairs) / len(pairs)


__all__ = ["bundled", "on_archive", "on_file", "read"]
