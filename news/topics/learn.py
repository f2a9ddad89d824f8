"""Train a new head when editors have said something new; the newest head files from then on."""

from __future__ import annotations

import logging
from datetime import timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from news.embed.serving import model_key, serving
from news.models import Topic, TopicHead, TopicReview, TopicScores
from news.topics import lessons
from news.topics.current import active_topics, head_for, model_of
from news.topics.fit import Fitted, fit
from news.topics.model import chosen, logit

log = logging.getLogger(__name__)

QUIET = timedelta(seconds=8)  # without a new word, before a training begins
PATIENCE = timedelta(minutes=2)  # but no longer than this after the first of them
WEIGHTS_KEPT = 3  # heads; of older ones the figures stay
SCORES_KEPT = 5_000  # articles, the newest


def learn_if_due() -> TopicHead | None:
    """A new head, if editors said something that the last one has not learned, and are silent for a moment."""
    return learn() if is_due() and is_quiet() else None


def learn() -> TopicHead | None:
    """Train on all that was said; None where nothing can be learned from."""
    newest, engine = lessons.newest_word(), serving()
    topics = active_topics()
    model = model_of(topics, engine, None)
    cases = lessons.cases(model, engine)
    if not cases:
        return None
    levels = np.array([0.0 if topic.is_threshold_own else logit(topic.threshold) for topic in topics])
    fitted = fit(cases, model.topics, levels, model.space.centre)
    return _keep(model_key(engine), newest, len(cases), fitted, topics)


def is_due() -> bool:
    """Whether there is something that the head of the serving vectors has not learned."""
    head = head_for(model_key(serving()))
    if head is None:
        return lessons.is_anything_said()
    active = {str(pk) for pk in Topic.objects.filter(is_active=True).values_list("pk", flat=True)}
    return lessons.newest_word() > head.newest_word or active != set(head.thresholds)


def is_quiet() -> bool:
    """Whether the editors pause: not between two presses of a button."""
    head = head_for(model_key(serving()))
    waiting = TopicReview.objects.filter(pk__gt=head.newest_word if head else 0)
    first, last = (waiting.order_by(order).values_list("at", flat=True).first() for order in ("id", "-id"))
    now = timezone.now()
    return not first or not last or now - last >= QUIET or now - first >= PATIENCE


@transaction.atomic
def _keep(key: str, newest: int, count: int, fitted: Fitted, topics: list[Topic]) -> TopicHead:
    thresholds = fitted.head.thresholds
    in_use = {topic.pk: topic.threshold if topic.is_threshold_own else thresholds[topic.pk] for topic in topics}
    head = TopicHead.objects.create(
        encoder=key,
        reviews=count,
        newest_word=newest,
        packed=fitted.head.packed(),
        thresholds={str(topic): value for topic, value in thresholds.items()},
        quality=_quality(fitted, in_use),
    )
    log.info("topics: head %s learned from %s articles", head.pk, count)
    kept = list(TopicHead.objects.values_list("pk", flat=True)[:WEIGHTS_KEPT])
    TopicHead.objects.exclude(pk__in=kept).exclude(packed=b"").update(packed=b"")
    oldest = TopicScores.objects.order_by("-article_id").values_list("article_id", flat=True)[SCORES_KEPT:][:1]
    TopicScores.objects.filter(article_id__lte=oldest[0] if oldest else 0).delete()
    return head


def _quality(fitted: Fitted, thresholds: dict[int, float]) -> dict[str, list[float]]:
    """{topic id: [precision, recall, F1, confirmed articles]} by cross-validation."""
    order = [int(topic) for topic in fitted.head.topics]
    said = np.zeros(fitted.right.shape, bool)
    for row, values in enumerate(fitted.unseen):
        scores = dict(zip(order, map(float, values), strict=True))
        said[row] = [topic in chosen(scores, thresholds) for topic in order]
    judged, right = fitted.right >= 0, fitted.right == 1
    both, told, belongs = ((part & judged).sum(axis=0) for part in (said & right, said, right))
    return {
        str(topic): [
            _part(both[k], told[k]),
            _part(both[k], belongs[k]),
            _part(2 * both[k], told[k] + belongs[k]),
            int(belongs[k]),
        ]
        for k, topic in enumerate(order)
    }


def _part(of: int, whole: int) -> float:
    return round(float(of) / float(whole), 4) if whole else 0.0
