"""An editor's word on an article's topics: kept for ever as its filing, and once more as a lesson.

Of a topic that an editor judged the machine says nothing any more, for or against. A review also remembers what the
machine had said before: from that comes how good it is over time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from news.models import Article, ArticleTopic, Topic, TopicReview, TopicScores

By = ArticleTopic.By


@transaction.atomic
def judge(article: Article, by: Any, words: Mapping[int, bool]) -> TopicReview | None:
    """File the article by an editor's words, {topic id: whether it belongs}; None where nothing new was said."""
    before = Standing(article)
    for topic, belongs in words.items():
        filed = ArticleTopic.objects.filter(article=article, topic_id=topic)
        changed = filed.update(by=By.EDITOR, is_rejected=not belongs)
        if belongs and not changed:
            ArticleTopic.objects.create(article=article, topic_id=topic, by=By.EDITOR)
    right = [topic for topic, belongs in words.items() if belongs]
    return before.note(by, words, right)


@transaction.atomic
def confirm(article: Article, by: Any, right: Iterable[int]) -> TopicReview | None:
    """The editor went through all topics: `right` are those that the article belongs under, no other is."""
    wanted = set(right)
    return judge(article, by, {topic: topic in wanted for topic in _active()})


class Standing:
    """What was filed by whom before an editor's hand came to it."""

    def __init__(self, article: Article) -> None:
        self.article = article
        rows = list(ArticleTopic.objects.filter(article=article).values_list("topic_id", "by", "is_rejected"))
        self._machine = {topic for topic, by, rejected in rows if by == By.MACHINE and not rejected}
        self._settled = {topic for topic, by, _ in rows if by == By.EDITOR} | judged_topics(article)

    def note(self, by: Any, judged: Iterable[int], right: Iterable[int]) -> TopicReview | None:
        """Keep as a lesson what was judged; the machine is graded only on what no editor had settled before."""
        asked, belongs = set(judged), set(right)
        fresh, turned = asked - self._settled, self._turned(asked & self._settled, belongs)
        if not fresh | turned:
            return None
        scores = TopicScores.objects.filter(article=self.article).first()
        return TopicReview.objects.create(
            article=self.article,
            by=by,
            head_id=scores.head_id if scores else None,
            judged=sorted(fresh | turned),
            machine=sorted((self._machine & fresh) | (belongs & turned)),
            right=sorted(belongs & (fresh | turned)),
        )

    def note_all(self, by: Any) -> TopicReview | None:
        """The editor left the article's page with its topics changed: what still stands there counts as right."""
        rows = ArticleTopic.objects.filter(article=self.article)
        rows.filter(by=By.MACHINE, is_rejected=False).update(by=By.EDITOR)
        right = set(rows.filter(is_rejected=False).values_list("topic_id", flat=True))
        return self.note(by, {*_active(), *right}, right)

    def _turned(self, settled: set[int], belongs: set[int]) -> set[int]:
        """Those of which the editors' last word was another."""
        newest: dict[int, bool] = {}
        for judged, right in self._reviews():
            newest |= {topic: topic in right for topic in judged}
        return {topic for topic in settled if newest.get(topic) != (topic in belongs)}

    def _reviews(self) -> list[tuple[list[int], list[int]]]:
        return list(TopicReview.objects.filter(article=self.article).order_by("id").values_list("judged", "right"))


def judged_topics(article: Article) -> set[int]:
    """The topics that an editor judged for this article, for or against."""
    rows = TopicReview.objects.filter(article=article).values_list("judged", flat=True)
    return {topic for judged in rows for topic in judged}


def _active() -> list[int]:
    return list(Topic.objects.filter(is_active=True).values_list("pk", flat=True))
