"""How well articles are filed under topics: as the product comes, or after learning from a file as from editors."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext

from news.embed import ARTICLE_PURPOSE, article_text
from news.embed.serving import serving
from news.evaluate.base import BadData, Figure, Progress, Report, bootstrap
from news.models import TopicReview
from news.topic_scores import TopicTexts
from news.topics import progress as over_time
from news.topics import starter_topics
from news.topics.fit import Case, fit
from news.topics.model import TopicModel, chosen, logit
from news.topics.words import words_of

GOLD = Path(__file__).with_name("gold") / "topics.jsonl"
APART = "rtos"  # two items of the shared set: reported apart
BATCH = 32
FEWEST_REVIEWS = 20  # of a site's own, before figures of them say anything
Pair = tuple[frozenset[str], frozenset[str]]  # what is right, what the machine said


@dataclass(frozen=True)
class Labelled:
    title: str
    text: str
    topics: frozenset[str]


class Starter:
    """The product as it comes: the starter topics, numbered from 0, and nothing of a database."""

    def __init__(self, five_examples_alone: bool = False) -> None:
        """With `five_examples_alone` without terms, counter-examples and fitted thresholds."""
        data = [_bare(topic) for topic in starter_topics()] if five_examples_alone else starter_topics()
        self.slugs: list[str] = [topic["slug"] for topic in data]
        self.thresholds = {number: float(topic["threshold"]) for number, topic in enumerate(data)}
        self.texts = [_texts(topic) for topic in data]
        self.vectors = serving().encode([text for topic in self.texts for text in topic.texts], ARTICLE_PURPOSE)
        self.model = TopicModel(range(len(data)), self.texts, self.vectors)

    def learned(self, cases: Sequence[Case]) -> tuple[TopicModel, dict[int, float]]:
        """A model with a head of these cases, and its thresholds."""
        levels = np.array([logit(threshold) for threshold in self.thresholds.values()])
        head = fit(cases, self.model.topics, levels, self.model.space.centre).head
        return TopicModel(self.model.topics, self.texts, self.vectors, head), head.thresholds

    def case(self, number: int, row: Labelled, vector: np.ndarray) -> Case:
        right = np.array([int(slug in row.topics) for slug in self.slugs])
        logits = self.model.logits(row.title, row.text, vector)
        return Case(number, words_of(row.title, row.text), vector, logits, right)


def bundled(progress: Progress) -> Report:
    return _report(gettext("自带样本"), read_rows(GOLD), [], progress)


def on_file(test: Path, train: Path | None, progress: Progress) -> Report:
    return _report(test.name, read_rows(test), read_rows(train) if train else [], progress)


def on_archive(progress: Progress) -> Report | None:
    """What the machine had said of the articles that editors went through, against what they made of it."""
    pairs = over_time.pairs(TopicReview.objects.order_by("at")[:5_000])
    progress(len(pairs), len(pairs))
    if len(pairs) < FEWEST_REVIEWS:
        return None
    topics = sorted({slug for right, said in pairs for slug in right | said})
    return Report("topics", gettext("本站编辑的纠正"), len(pairs), figures_of(pairs, topics))


def _report(data: str, test: list[Labelled], train: list[Labelled], progress: Progress) -> Report:
    starter = Starter()
    done = _counter(progress, len(test) + len(train))
    model, thresholds = starter.model, starter.thresholds
    if train:
        cases = [starter.case(number, row, vector) for number, (row, vector) in enumerate(encoded(train, done))]
        model, thresholds = starter.learned(cases)
    pairs = [(row.topics, said(model, thresholds, starter.slugs, row, vector)) for row, vector in encoded(test, done)]
    report = Report("topics", data, len(test), figures_of(pairs, starter.slugs))
    report.notes.append(gettext("学自 %d 条") % len(train) if train else gettext("没有学：出厂的主题、例句和关键词"))
    report.details["per_topic"] = {slug: _counts(pairs, slug) for slug in starter.slugs}
    return report


def said(
    model: TopicModel, thresholds: dict[int, float], slugs: list[str], row: Labelled, vector: np.ndarray
) -> frozenset[str]:
    """The topics that the product files this text under."""
    scores = {verdict.topic: verdict.value for verdict in model.judge(row.title, row.text, vector)}
    return frozenset(slugs[topic] for topic in chosen(scores, thresholds))


def encoded(rows: Sequence[Labelled], done: Callable[[int], None]) -> list[tuple[Labelled, np.ndarray]]:
    """Each row with the vector that the pipeline would give it."""
    found: list[tuple[Labelled, np.ndarray]] = []
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        vectors = serving().encode([article_text(row.title, row.text) for row in part], ARTICLE_PURPOSE)
        found += zip(part, vectors, strict=True)
        done(len(part))
    return found


def macro_f1(pairs: Sequence[Pair], topics: Sequence[str]) -> float:
    """The mean F1 of the topics that occur in what is right or in what was said."""
    f1 = [_counts(pairs, topic)["f1"] for topic in topics if any(topic in right | said for right, said in pairs)]
    return float(np.mean(f1)) if f1 else 0.0


def figures_of(pairs: Sequence[Pair], topics: Sequence[str]) -> dict[str, Figure]:
    """Macro-F1 with and without the topic that is kept apart, and the figures over all filings together."""
    kept = [topic for topic in topics if topic != APART]
    return {
        "macro_f1": bootstrap(pairs, lambda drawn: macro_f1(drawn, kept)),
        "macro_f1_all": bootstrap(pairs, lambda drawn: macro_f1(drawn, topics)),
        "micro_f1": bootstrap(pairs, _micro_f1),
        "micro_precision": Figure(_share(pairs, 1)),
        "micro_recall": Figure(_share(pairs, 0)),
    }


def _micro_f1(pairs: Sequence[Pair]) -> float:
    both = sum(len(right & said) for right, said in pairs)
    return 2 * both / max(sum(len(right) + len(said) for right, said in pairs), 1)


def _share(pairs: Sequence[Pair], side: int) -> float:
    return sum(len(pair[0] & pair[1]) for pair in pairs) / max(sum(len(pair[side]) for pair in pairs), 1)


def _counts(pairs: Sequence[Pair], topic: str) -> dict[str, float]:
    right = sum(topic in pair[0] for pair in pairs)
    said = sum(topic in pair[1] for pair in pairs)
    both = sum(topic in pair[0] & pair[1] for pair in pairs)
    return {
        "cases": right,
        "precision": _part(both, said),
        "recall": _part(both, right),
        "f1": _part(2 * both, right + said),
    }


def _part(of: int, whole: int) -> float:
    return round(of / whole, 4) if whole else 0.0


def _counter(progress: Progress, of: int) -> Callable[[int], None]:
    so_far = [0]

    def done(more: int) -> None:
        so_far[0] += more
        progress(so_far[0], of)

    return done


def read_rows(path: Path) -> list[Labelled]:
    """The lines of a file in the shared format. Raises BadData naming the line and what to do."""
    with path.open(encoding="utf-8") as file:
        rows = [_row(line, number, path.name) for number, line in enumerate(file, start=1) if line.strip()]
    if not rows:
        raise BadData(gettext("%s 里没有数据：一行一个 JSON 对象，含 title、text、topics。") % path.name)
    return rows


def _row(line: str, number: int, name: str) -> Labelled:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise BadData(
            gettext("%(file)s 第 %(line)d 行不是 JSON：请改正或删去。") % {"file": name, "line": number}
        ) from error
    known = {topic["slug"] for topic in starter_topics()}
    fine = isinstance(row, dict) and isinstance(row.get("title"), str) and isinstance(row.get("topics"), list)
    if not fine or not isinstance(row.get("text", ""), str) or not all(isinstance(one, str) for one in row["topics"]):
        wanted = gettext("%(file)s 第 %(line)d 行要有 title、text（字符串）和 topics（主题标识的列表）。")
        raise BadData(wanted % {"file": name, "line": number})
    if strange := sorted(set(row["topics"]) - known):
        wanted = gettext("%(file)s 第 %(line)d 行的主题 %(topics)s 不认识：请用出厂主题的标识。")
        raise BadData(wanted % {"file": name, "line": number, "topics": "、".join(strange)})
    return Labelled(row["title"], row.get("text", ""), frozenset(row["topics"]))


def _bare(topic: dict[str, Any]) -> dict[str, Any]:
    return topic | {"examples": topic["examples"][:5], "not_examples": [], "terms": [], "threshold": 0.5}


def _texts(topic: dict[str, Any]) -> TopicTexts:
    description = f"{topic['name']}。{topic['description']}"
    return TopicTexts(description, *(tuple(topic[key]) for key in ("examples", "not_examples", "terms")))
