"""Copies made by program, each looked for by the product's own filing among all originals of a folder."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext

from news.evaluate.apart import apart
from news.evaluate.base import Progress
from news.evaluate.folder_texts import Source
from news.evaluate.variants import variants
from news.models import Article, Stage, Story
from news.stories.copies import find_original, remember
from news.stories.overlap import Told, covered
from news.stories.sketch import letters

REPRINTER = "转载者"  # the account of every made copy
LEAST_LETTERS = 60  # a made copy that is shorter is no article
SAME_TEXT = 0.85  # of one's letters stand in the other: the folder has this text twice


@dataclass
class Trial:
    """What became of one original: each made copy's kind with whether it was traced, and wrong traces."""

    name: str
    traced: list[tuple[str, bool]] = field(default_factory=list)
    wrong: list[dict[str, object]] = field(default_factory=list)


def trials(sources: list[Source], progress: Progress) -> tuple[list[Trial], list[str]]:
    """Originals are filed one after the other, then every made copy is looked for. Also: texts found twice."""
    with apart():
        return _filed(sources, progress)


def _filed(sources: list[Source], progress: Progress) -> tuple[list[Trial], list[str]]:
    kept: dict[int, Source] = {}
    group: dict[int, int] = {}
    found_twice: list[str] = []
    done: list[Trial] = []
    keys: list[int | None] = []
    for source in sources:
        article = _article(len(keys), source.title, source.text, source.account, Story.objects.create())
        trial = Trial(source.name)
        original, why = find_original(article)
        if original and _is_same_text(article, original):
            found_twice.append(f"{source.name} = {kept[original.pk].name}")
            group[article.pk] = group[original.pk]
            article.delete()
            keys.append(None)
        else:
            if original:
                trial.wrong.append({"kind": gettext("两篇原文"), "taken_for": kept[original.pk].name, "why": why})
            remember(article)
            group[article.pk] = article.pk
            kept[article.pk] = source
            keys.append(article.pk)
        done.append(trial)
    for number, (key, trial) in enumerate(zip(keys, done, strict=True)):
        if key is not None:
            _look_for_copies(key, number, trial, kept, group)
        progress(number + 1, len(done))
    return done, found_twice


def _look_for_copies(key: int, number: int, trial: Trial, kept: dict[int, Source], group: dict[int, int]) -> None:
    source = kept[key]
    for variant in variants(source.title, source.text, number):
        if len(letters(variant.text)) < LEAST_LETTERS:
            continue
        article = _article(-1, variant.title, variant.text, REPRINTER, None)
        original, why = find_original(article)
        article.delete()
        right = original is not None and group[original.pk] == group[key]
        trial.traced.append((variant.kind, right))
        if original is not None and not right:
            trial.wrong.append({"kind": variant.kind, "taken_for": kept[original.pk].name, "why": why})


def _article(number: int, title: str, text: str, account: str, story: Story | None) -> Article:
    url = f"https://example.com/{number}"
    row = Article(canonical_url=url, url=url, host="example.com", stage=Stage.FILED, title=title[:500], text=text)
    row.account, row.story = account[:200], story
    row.save()
    return row


def _is_same_text(one: Article, other: Article) -> bool:
    mine, yours = Told.of(one.text), Told.of(other.text)
    return bool(max(np.mean(covered(mine, yours)), np.mean(covered(yours, mine))) >= SAME_TEXT)


def by_kind(done: list[Trial]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = defaultdict(lambda: {"copies": 0, "found": 0, "wrong": 0})
    for trial in done:
        for kind, right in trial.traced:
            table[kind]["copies"] += 1
            table[kind]["found"] += right
        for wrong in trial.wrong:
            table[str(wrong["kind"])]["wrong"] += 1
    return dict(table)
