"""Files an article under its topics, and says why. What an editor filed or took away stays as it is.

How a score comes about, which topics are chosen, and what is known to go wrong: news/topics/model.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from django.db import transaction

from news.embed import article_text
from news.embed.serving import model_key, serving
from news.embed.stored import stored_vectors
from news.models import Article, ArticleTopic, TopicHead, TopicScores
from news.topics.current import active_topics, head_for, model_of, thresholds_of
from news.topics.model import Verdict, chosen, margin
from news.topics.review import judged_topics

By = ArticleTopic.By
LATELY = 200  # articles that a new head files anew


def file_topics(article: Article) -> list[ArticleTopic]:
    """File the article under every topic whose threshold it passes; gives all it is filed under now, best first.

    Idempotent. The machine's own filings are replaced; an editor's, for or against, are never touched.
    """
    topics, engine = active_topics(), serving()
    head = head_for(model_key(engine))
    vector = stored_vectors([article_text(article.title, article.text)], engine)[0]
    verdicts = model_of(topics, engine, head).judge(article.title, article.text, vector)
    thresholds = thresholds_of(topics, head)
    settled = judged_topics(article)
    open_ones = {verdict.topic: verdict.value for verdict in verdicts if verdict.topic not in settled}
    best = chosen(open_ones, thresholds)
    _write(article, [verdict for topic in best for verdict in verdicts if verdict.topic == topic])
    _note(article, head, verdicts, thresholds)
    return list(article.filed.filter(is_rejected=False).select_related("topic").order_by("-score", "topic_id"))


def file_lately() -> int:
    """File the newest articles anew that no editor judged, e.g. by a new head; how many."""
    lately = Article.objects.usable().filter(reviews=None).order_by("-id")[:LATELY]
    for article in lately:
        file_topics(article)
    return len(lately)


@transaction.atomic
def _write(article: Article, passed: Sequence[Verdict]) -> None:
    machine = ArticleTopic.objects.filter(article=article, by=By.MACHINE)
    machine.exclude(topic__in=[verdict.topic for verdict in passed]).delete()
    for verdict in passed:
        values = {"score": verdict.value, "why": verdict.why}
        row = ArticleTopic(article=article, topic_id=verdict.topic, **values)
        # An editor's row, even one that comes this moment, is in the way and stays: the update asks for the machine's.
        ArticleTopic.objects.bulk_create([row], ignore_conflicts=True)
        machine.filter(topic=verdict.topic).update(**values)


def _note(article: Article, head: TopicHead | None, verdicts: Sequence[Verdict], thresholds: dict[int, float]) -> None:
    """Keep all scores: for what to ask an editor, and for what another threshold would change."""
    values = {
        "head": head,
        "scores": {str(verdict.topic): verdict.value for verdict in verdicts},
        "doubt": doubt({verdict.topic: verdict.value for verdict in verdicts}, thresholds),
    }
    row = TopicScores(article=article, **values)
    TopicScores.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["article"], update_fields=["head", "scores", "doubt"]
    )


def doubt(scores: dict[int, float], thresholds: dict[int, float]) -> float:
    """How near an article is to thresholds: 0, surely filed, to 2, right on two of them."""
    near = sorted((exp(-abs(margin(value, thresholds[topic]))) for topic, value in scores.items()), reverse=True)
    return round(sum(near[:2]), 4)
