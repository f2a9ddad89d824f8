"""Texts and labelled pairs for the encoder's proof: from ../shared (or JIANBAO_SHARED), as the product embeds them."""

import csv
import json
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from news import extract
from news.embed import article_text

BASE = Path(__file__).resolve().parent.parent
SEED = 4


class DataMissing(Exception):
    """There is nothing to measure with; the message says where it was looked for."""


@dataclass(frozen=True)
class Pairs:
    """Two columns of texts, and what people said of each pair: 1 the same, 0 not."""

    one: list[str]
    other: list[str]
    label: list[int]

    def first(self, count: int) -> "Pairs":
        return Pairs(self.one[:count], self.other[:count], self.label[:count])


@dataclass(frozen=True)
class Texts:
    articles: list[str]
    items: list[str]
    titles: list[str]
    lcqmc: Pairs
    sohu: Pairs


def load() -> Texts:
    """All of it, in an order that is always the same. Raises DataMissing."""
    shared = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")
    data = shared / "datasets"
    needed = [
        data / "similarity" / "lcqmc_test.csv",
        data / "events" / "sohu2021_B_train.jsonl",
        data / "topics" / "train.jsonl",
    ]
    if missing := [path for path in needed if not path.exists()]:
        raise DataMissing(f"{missing[0]} is not there; set JIANBAO_SHARED to the folder that has datasets/")
    lcqmc, sohu, topics = needed
    items = [article_text(row.get("title") or "", row.get("text") or "") for row in _lines(topics)]
    return Texts(_shuffled(_articles(shared)), _shuffled(items), _titles(sohu), _lcqmc(lcqmc), _sohu(sohu))


def _articles(shared: Path) -> list[str]:
    """The saved pages, read by the product's own extractor."""
    folder = shared / "corpus" / "wechat"
    pages = [extract.read(file.read_bytes()) for file in sorted(folder.glob("*.html"))]
    return [article_text(page.title, page.text) for page in pages if page.text]


def _titles(file: Path) -> list[str]:
    return _shuffled([row["a"] for row in _lines(file)])


def _lcqmc(file: Path) -> Pairs:
    rows = _shuffled(list(csv.DictReader(file.open(encoding="utf-8", newline=""))))
    return Pairs(
        [row["sentence1"] for row in rows], [row["sentence2"] for row in rows], [int(row["label"]) for row in rows]
    )


def _sohu(file: Path) -> Pairs:
    rows = _shuffled(_lines(file))
    return Pairs([row["a"] for row in rows], [row["b"] for row in rows], [int(row["same"]) for row in rows])


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]


def _shuffled(rows: list[Any]) -> list[Any]:
    random.Random(SEED).shuffle(rows)  # noqa: S311 - an order, no secret
    return rows
