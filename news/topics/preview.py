"""What another threshold would change among the articles of late, before anybody sets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from news.models import Article, Topic, TopicReview, TopicScores
from news.topics.ask import serving_key
from news.topics.current import head_for, thresholds_of
from news.topics.model import chosen

LATELY = 2_000  # articles
SHOWN = 20  # titles of each kind


@dataclass
class Change:
    """Articles that would come under the topic and that would go, and how many there are in all."""

    threshold: float
    looked_at: int = 0
    stay: int = 0
    come: list[Article] = field(default_factory=list)
    go: list[Article] = field(default_factory=list)
    come_count: int = 0
    go_count: int = 0


def what_changes(topic: Topic, threshold: float) -> Change:
    """By the scores that were kept at filing. Articles of which an editor judged this topic do not change."""
    topics = list(Topic.objects.filter(is_active=True))
    now = thresholds_of(topics, head_for(serving_key()))
    then = now | {topic.pk: threshold}
    change = Change(threshold)
    come: list[int] = []
    go: list[int] = []
    for article, scores in _scores(set(now), topic.pk):
        change.looked_at += 1
        before, after = topic.pk in chosen(scores, now), topic.pk in chosen(scores, then)
        change.stay += before and after
        if after != before:
            (come if after else go).append(article)
    change.come_count, change.go_count = len(come), len(go)
    titles = Article.objects.only("title", "canonical_url").in_bulk([*come[:SHOWN], *go[:SHOWN]])
    change.come, change.go = ([titles[pk] for pk in part[:SHOWN]] for part in (come, go))
    return change


def _scores(active: set[int], topic: int) -> Iterator[tuple[int, dict[int, float]]]:
    """Scores of the newest articles, without those that an editor judged for the topic."""
    rows = list(TopicScores.objects.order_by("-article_id").values_list("article_id", "scores")[:LATELY])
    reviews = TopicReview.objects.filter(article__in=[article for article, _ in rows]).values_list(
        "article_id", "judged"
    )
    settled = {article for article, judged in reviews if topic in judged}
    for article, scores in rows:
        known = {int(key): float(value) for key, value in scores.items() if int(key) in active}
        if article not in settled and topic in known:
            yield article, known
