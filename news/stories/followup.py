"""Finds the earlier story whose matter goes on: the next step, not the same event.

The rule is simple and rather misses one than names a wrong one. Within sixty days before it, the likeliest article of
another story counts that is nearly as like as one event's are, and whose title shares a name: a Latin one that is no
everyday word of the trade, or four Han characters with which a stretch of Han begins in both. On 204 labelled items of
two AI dailies it names nine: five are labelled so, two are one repository listed again; it misses nine of fourteen.

Known failures: a firm's two unrelated announcements in one frame of words; a matter that goes on under another name; a
short Chinese name alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.db.models import Min

from news.embed import Calibration
from news.embed.near import nearest
from news.embed.serving import serving
from news.models import Article, Story
from news.stories.around import MOMENT, moment_of
from news.stories.judge import title_share
from news.text import HAN, normalise, simplified

FOLLOWUP_DAYS = 60
LOOK_AT = 100  # nearest texts
ABOVE_CANDIDATE = 0.03  # of the cosine, over the encoder's `candidate`
ABOVE_SAME = 0.003  # of cosine and titles, over the encoder's `same_event`
TITLE_WEIGHT = 0.05
RUN = 4  # Han characters
EVERYDAY = frozenset(
    {"ai", "aigc", "agi", "agent", "agents", "api", "app", "ceo", "cto", "cpu", "gpu", "npu", "llm", "llms", "moe"}
    | {"mcp", "rag", "sdk", "cli", "ios", "web", "the", "and", "for", "with", "from", "new", "now", "to", "of", "in"}
    | {"on", "is", "by", "as", "at", "an", "open", "source", "model", "models", "github"}
)

_NAME = re.compile(r"[a-z][a-z0-9.+#-]*[a-z0-9+#]")
_HAN = re.compile(f"[{HAN}]+")
_COUNT = re.compile("[零一二三四五六七八九十百千万亿两]")


@dataclass(frozen=True)
class Parent:
    """The story that goes on, by which of its articles, and why it is thought so."""

    story: Story
    article: Article
    score: float
    names: tuple[str, ...]


def follow_up(article: Article, vector: np.ndarray) -> None:
    """Save on the article's story which one it follows; an editor's word on that stands."""
    story = article.story
    calibration = serving().calibration
    if story is None or story.is_followup_fixed or calibration is None or article.duplicate_of_id:
        return
    parent = _parent(article, vector, calibration)
    if parent is None or parent.score <= story.followup_why.get("score", 0.0):
        return
    story.followup_of = parent.story
    story.followup_why = {
        "score": round(parent.score, 4),
        "names": list(parent.names),
        "article": article.pk,
        "of": parent.article.pk,
    }
    story.save(update_fields=["followup_of", "followup_why"])


def shared_names(one: str, other: str) -> tuple[str, ...]:
    """Names that both titles hold: Latin ones, and the Han characters that begin a stretch in both: a firm's name."""
    mine, yours = (simplified(normalise(title)).casefold() for title in (one, other))
    latin = set(_NAME.findall(mine)) & set(_NAME.findall(yours)) - EVERYDAY
    return tuple(sorted(latin | (_runs(mine) & _runs(yours))))


def _runs(title: str) -> set[str]:
    begins = {run[:RUN] for run in _HAN.findall(title) if len(run) >= RUN}
    return {begin for begin in begins if not _COUNT.search(begin)}


def _parent(article: Article, vector: np.ndarray, calibration: Calibration) -> Parent | None:
    now = moment_of(article)
    near = nearest(vector, LOOK_AT)  # of all times: by the index; the days alone would cost a look at each of theirs
    cosines = {key: cosine for key, cosine in near if cosine >= calibration.candidate + ABOVE_CANDIDATE}
    days = Article.objects.annotate(moment=MOMENT).filter(
        moment__gte=now - timedelta(days=FOLLOWUP_DAYS), moment__lte=now
    )
    others = days.filter(text_hash__in=cosines, duplicate_of=None, is_sample=article.is_sample)
    found = [
        Parent(other.story, other, score, names)
        for other in others.exclude(story=article.story_id).select_related("story").only("title", "text_hash", "story")
        if other.story
        and (score := cosines[other.text_hash] + TITLE_WEIGHT * title_share(article.title, other.title))
        >= calibration.same_event + ABOVE_SAME
        and (names := shared_names(article.title, other.title))
    ]
    began = _beginning(article.story_id)
    ordered = sorted(found, key=lambda parent: (-parent.score, parent.article.pk))
    return next((one for one in ordered if _is_earlier(one.story, article.story_id, began)), None)


def _is_earlier(parent: Story, story: int | None, began: object) -> bool:
    """The matter's step before: it began earlier, and does not follow this one itself."""
    start = _beginning(parent.pk)
    return start is not None and parent.followup_of_id != story and start < began  # type: ignore[operator]


def _beginning(story: int | None) -> object:
    return Article.objects.filter(story=story).annotate(moment=MOMENT).aggregate(first=Min("moment"))["first"]
