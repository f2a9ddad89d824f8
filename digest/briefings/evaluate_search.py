"""How well the search finds: by words alone, by meaning alone, by both as a reader gets it.

A file holds documents, {"id", "title", "text"} a line, and queries, {"query", "relevant": [ids]} a line. Nothing is
learned. The search's own code runs on tables of its own that are gone afterwards (evaluate_search_shelf.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from digest.briefings.evaluate_search_queries import Query, made
from digest.briefings.evaluate_search_shelf import Document, shelf
from digest.briefings.markdown import plain
from digest.briefings.models import Item
from digest.briefings.search.by_meaning import by_meaning
from digest.briefings.search.by_words import by_words
from digest.briefings.search.ranking import found
from news.embed.serving import model_key, serving
from news.evaluate.base import BadData, Progress, Report, bootstrap

GOLD = Path(settings.BASE_DIR) / "news" / "evaluate" / "gold" / "search.jsonl"
WAYS = ("words", "meaning", "both")
LEAST_ARCHIVE, MOST_ARCHIVE = 50, 500
Ranks = dict[str, int]  # by way: the place of the first right item, 0 where it was not found
MEASURES: dict[str, Callable[[int], float]] = {
    "success_at_1": lambda rank: float(rank == 1),
    "success_at_5": lambda rank: float(0 < rank <= 5),
    "mrr": lambda rank: 1 / rank if rank else 0.0,
}


def bundled(progress: Progress) -> Report:
    """Forty documents of our own, with a query each that a person wrote, and those made of them by rule."""
    documents, queries = read(GOLD)
    return measured(documents, [*queries, *made(documents)], _("自带样本"), progress)


def on_file(test: Path, train: Path | None, progress: Progress) -> Report:
    """On a file of documents and queries; there is nothing to learn from `train`."""
    report = _on(test, test.name, progress)
    report.notes += [_("搜索不从数据里学，--train 没有用上。")] if train else []
    return report


def on_archive(progress: Progress) -> Report | None:
    """On the site's own published items, newest first, by queries made of them by rule; None for a young archive."""
    newest = Item.objects.published().order_by("-briefing__date", "position")[:MOST_ARCHIVE]
    documents = [Document(str(item.pk), item.headline, plain(item.text), item.source_name) for item in newest]
    if len(documents) < LEAST_ARCHIVE:
        return None
    return measured(documents, list(made(documents)), _("本站已发布的条目"), progress)


def measured(documents: Sequence[Document], queries: Sequence[Query], data: str, progress: Progress) -> Report:
    """The figures of each way of searching, and how sure it is that both together do better than either."""
    rows = _ranks(documents, queries, progress)
    report = Report("search", data, len(queries))
    for name, measure in MEASURES.items():
        report.figures[name] = bootstrap(rows, _mean(measure, "both"))
    for way in WAYS[:2]:
        report.figures |= {f"{name}_{way}": bootstrap(rows, _mean(each, way)) for name, each in MEASURES.items()}
        for name in ("success_at_5", "mrr"):
            report.figures[f"{name}_both_over_{way}"] = bootstrap(rows, _gain(MEASURES[name], way))
    ways = sorted({query.way for query in queries})
    report.details["by_way_of_asking"] = {
        asked: _table([row for row, query in zip(rows, queries, strict=True) if query.way == asked]) for asked in ways
    }
    return report


def _ranks(documents: Sequence[Document], queries: Sequence[Query], progress: Progress) -> list[Ranks]:
    engine = serving()
    key = model_key(engine)
    vectors = engine.encode([query.text for query in queries], "query")
    with shelf(documents, engine, progress) as items:
        shown = Item.objects.published()
        return [
            _rank(
                {
                    "words": by_words(shown, query.text)[0],
                    "meaning": [item for item, _cosine in by_meaning(shown, key, vector)],
                    "both": found(shown, query.text, (key, vector)).keys,
                },
                {items[document] for document in query.relevant},
            )
            for query, vector in zip(queries, vectors, strict=True)
        ]


def _rank(rankings: dict[str, list[int]], relevant: set[int]) -> Ranks:
    return {
        way: next((place for place, key in enumerate(keys, start=1) if key in relevant), 0)
        for way, keys in rankings.items()
    }


def _mean(measure: Callable[[int], float], way: str) -> Callable[[Sequence[Ranks]], float]:
    return lambda rows: sum(measure(row[way]) for row in rows) / len(rows)


def _gain(measure: Callable[[int], float], way: str) -> Callable[[Sequence[Ranks]], float]:
    return lambda rows: sum(measure(row["both"]) - measure(row[way]) for row in rows) / len(rows)


def _table(rows: Sequence[Ranks]) -> dict[str, Any]:
    table: dict[str, Any] = {"cases": len(rows)}
    for way in WAYS:
        table |= {f"{name}_{way}": round(_mean(measure, way)(rows), 4) for name, measure in MEASURES.items()}
    return table


def _on(path: Path, data: str, progress: Progress) -> Report:
    documents, queries = read(path)
    return measured(documents, queries, data, progress)


def read(path: Path) -> tuple[list[Document], list[Query]]:
    """Documents and queries of a file. Raises BadData naming the line."""
    documents: dict[str, Document] = {}
    queries: list[Query] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            _take(_object(line, number), number, documents, queries)
    if not documents or not queries:
        raise BadData(_("文件里要有文档行（id、title、text）和查询行（query、relevant）。"))
    for query in queries:
        if missing := query.relevant - documents.keys():
            raise BadData(_("查询“%s”要找的 %s 不在文档里。") % (query.text, min(missing)))
    return list(documents.values()), queries


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise BadData(_("第 %d 行不是 JSON：%s") % (number, error)) from error
    if not isinstance(found, dict):
        raise BadData(_("第 %d 行不是 JSON 对象。") % number)
    return found


def _take(row: dict[str, Any], number: int, documents: dict[str, Document], queries: list[Query]) -> None:
    if "query" in row and isinstance(row.get("relevant"), list) and row["relevant"]:
        queries.append(Query(str(row["query"]), frozenset(map(str, row["relevant"])), str(row.get("way", "own"))))
    elif "id" in row and ("title" in row or "text" in row):
        key = str(row["id"])
        documents[key] = Document(key, str(row.get("title", "")), str(row.get("text", "")), str(row.get("account", "")))
    else:
        raise BadData(_("第 %d 行既不是文档（id、title、text），也不是查询（query、relevant）。") % number)
