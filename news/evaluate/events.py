"""How well pairs of articles are told apart: the same event or not. By the judge that files articles.

A file holds pairs of titles, {"a", "b", "same"} a line. With `--train` a judge learns from that file alone and is kept
under MODELS_DIR by what it learned from, so the next run only scores. Without, the judge in use is measured.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from news.embed import article_text
from news.embed.folder import Unsupported
from news.embed.serving import model_key, serving
from news.evaluate.base import BadData, Figure, Progress, Report, bootstrap
from news.stories.judge import Judgement, Telling
from news.stories.judge_in_use import in_use
from news.stories.pairs import kept
from news.stories.pairs.decisions import decided_pairs
from news.stories.pairs.judging import LearnedJudge
from news.stories.pairs.learn import LEAST, Pair, TooFew, learn
from news.stories.pairs.reading import head

GOLD = Path(__file__).with_name("gold") / "events.jsonl"
LEAST_DECISIONS = 30


@dataclass(frozen=True)
class Judged:
    """A pair's label and what the judge said."""

    same: bool
    said: bool
    likelihood: float


def bundled(progress: Progress) -> Report:
    """On 64 pairs of titles of our own: retold, next step, another event of the subject, other numbers."""
    pairs = pairs_of(GOLD)
    judgements = _judged(pairs, progress)
    report = _report(_("自带样本"), pairs, judgements)
    kinds = [json.loads(line)["kind"] for line in GOLD.read_text("utf-8").splitlines()]
    for kind in dict.fromkeys(kinds):
        right = [one.same == pair.same for one, pair, its in zip(judgements, pairs, kinds, strict=True) if its == kind]
        report.figures[f"right_{kind}"] = Figure(sum(right) / len(right))
    return report


def on_file(test: Path, train: Path | None, progress: Progress) -> Report:
    """On a file of pairs, after learning from `train` if that is given; nothing of `test` is learned from."""
    pairs = pairs_of(test)
    if train is None:
        return _report(test.name, pairs, _judged(pairs, progress))
    learned = _learned(train, progress)
    judgements = learned.judge_pairs([Pair(head(pair.one), head(pair.other)) for pair in pairs], progress)
    report = _report(test.name, pairs, judgements)
    known = _fingerprints(pairs_of(train))
    if met := len(known & _fingerprints(pairs)):
        report.notes.append(_("有 %d 对也在训练数据里：数字偏高。") % met)
    return report


def on_archive(progress: Progress) -> Report | None:
    """On what this site's editors put together and parted; None while that is little."""
    pairs = decided_pairs()
    if len(pairs) < LEAST_DECISIONS or len({pair.same for pair in pairs}) < 2:
        return None
    return _report(_("本站编辑的决定"), pairs, _judged(pairs, progress))


def pairs_of(path: Path) -> list[Pair]:
    """The pairs of a file. Raises BadData naming the line."""
    pairs: list[Pair] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8"))
            one, other, same = row["a"], row["b"], row["same"]
            if not (isinstance(one, str) and isinstance(other, str) and same in (0, 1)):
                raise ValueError(line)
        except (ValueError, KeyError, TypeError) as error:
            message = _('%(file)s 第 %(line)d 行不是 {"a": 标题, "b": 标题, "same": 0 或 1}：请改好这一行再来。')
            raise BadData(message % {"file": path.name, "line": number}) from error
        pairs.append(Pair(one, other, bool(same)))
    if not pairs:
        raise BadData(_("%s 里没有数据：每行要有一对标题。") % path.name)
    return pairs


def _learned(train: Path, progress: Progress) -> LearnedJudge:
    pairs = [Pair(head(pair.one), head(pair.other), pair.same) for pair in pairs_of(train)]
    engine = serving()
    name = kept.key(pairs, model_key(engine))
    learned = kept.kept(name, model_key(engine))
    if learned is None:
        try:
            learned = learn(pairs, engine, progress)
        except TooFew as error:
            message = _("%(file)s 里同一事件和不同事件的对子各要 %(least)d 对以上，现在是 %(found)s。")
            raise BadData(message % {"file": train.name, "least": LEAST, "found": error}) from error
        except Unsupported as error:
            raise BadData(_("现在的向量模型不能用来学：%s") % error) from error
        kept.keep(learned, name)
    return LearnedJudge(learned, engine)


def _judged(pairs: Sequence[Pair], progress: Progress) -> list[Judgement]:
    """By the judge in use, as it judges articles that have a title and no text."""
    judging = in_use()
    if judging is None:
        raise BadData(_("现在的向量模型没有阈值，也还没有学过：请先运行 manage.py learn_events。"))
    if isinstance(judging, LearnedJudge):
        return judging.judge_pairs([Pair(head(pair.one), head(pair.other)) for pair in pairs], progress)
    titles = sorted({title for pair in pairs for title in (pair.one, pair.other)})
    vectors = serving().encode([article_text(title, "") for title in titles])
    tellings = {title: Telling(title, "", vector) for title, vector in zip(titles, vectors, strict=True)}
    judgements: list[Judgement] = []
    for pair in pairs:
        judgements += judging.judge_many(tellings[pair.one], [tellings[pair.other]])
        progress(len(judgements), len(pairs))
    return judgements


def _report(data: str, pairs: Sequence[Pair], judgements: Sequence[Judgement]) -> Report:
    rows = [Judged(pair.same, one.same, one.likelihood) for pair, one in zip(pairs, judgements, strict=True)]
    report = Report("events", data, len(rows))
    for name, measure in MEASURES.items():
        report.figures[name] = bootstrap(rows, measure)
    return report


def _fingerprints(pairs: Sequence[Pair]) -> set[bytes]:
    return {hashlib.sha256(f"{pair.one}\n{pair.other}".encode("utf-8", "replace")).digest() for pair in pairs}


def _f1(rows: Sequence[Judged]) -> float:
    right, said, same = _counts(rows)
    return 2 * right / (said + same) if said + same else 0.0


def _precision(rows: Sequence[Judged]) -> float:
    right, said, _same = _counts(rows)
    return right / said if said else 0.0


def _recall(rows: Sequence[Judged]) -> float:
    right, _said, same = _counts(rows)
    return right / same if same else 0.0


def _counts(rows: Sequence[Judged]) -> tuple[int, int, int]:
    """How many were rightly said to be the same, how many were said to be, how many are."""
    return sum(row.same and row.said for row in rows), sum(row.said for row in rows), sum(row.same for row in rows)


def _auc(rows: Sequence[Judged]) -> float:
    """The chance that a same pair is judged likelier than one that is not (Mann and Whitney); ties count half."""
    chances, same = np.array([row.likelihood for row in rows]), np.array([row.same for row in rows])
    if same.all() or not same.any():
        return 0.5
    _values, place, count = np.unique(chances, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    ones = int(same.sum())
    return float((ranks[same].sum() - ones * (ones + 1) / 2) / (ones * (len(rows) - ones)))


MEASURES: dict[str, Callable[[Sequence[Judged]], float]] = {
    "f1": _f1,
    "precision": _precision,
    "recall": _recall,
    "auc": _auc,
}
