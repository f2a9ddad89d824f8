"""How good the machine's filing is over time: what it had said, against what editors made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from news.models import Topic, TopicHead, TopicReview

READ = 5_000  # reviews, the newest
MONTHS = 12
HEADS = 12


@dataclass
class Course:
    """One month of one topic, or one training of it. A part of nothing is None."""

    label: str
    cases: int
    precision: float | None
    recall: float | None
    f1: float | None

    @property
    def width(self) -> int:
        """Of a hundred."""
        return round(100 * (self.f1 or 0))


def months(topic: Topic) -> list[Course]:
    """The last months in which editors judged the topic, oldest first."""
    counts: dict[str, Counter[str]] = {}
    rows = TopicReview.objects.filter(judged__contains=topic.pk).order_by("-id").values_list("at", "machine", "right")
    for at, machine, right in rows[:READ]:
        month = counts.setdefault(f"{timezone.localtime(at):%Y-%m}", Counter())
        month["cases"] += 1
        month["said"] += topic.pk in machine
        month["right"] += topic.pk in right
        month["both"] += topic.pk in machine and topic.pk in right
    return [_course(label, counts[label]) for label in sorted(counts)[-MONTHS:]]


def trainings(topic: Topic) -> list[Course]:
    """The last heads, oldest first; what each was worth on articles that the judging part had not seen."""
    rows = TopicHead.objects.defer("packed")[: HEADS * 4]
    found = []
    for head in reversed(rows):
        if figures := head.quality.get(str(topic.pk)):
            precision, recall, f1, cases = figures
            label = f"{timezone.localtime(head.trained_at):%m-%d %H:%M} · {head.reviews}"
            found.append(Course(label, cases, precision, recall, f1))
    return found[-HEADS:]


def pairs(reviews: Iterable[TopicReview]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """(right, said by the machine), as slugs, of each review."""
    slugs = dict(Topic.objects.values_list("pk", "slug"))
    return [
        (
            frozenset(slugs[topic] for topic in review.right if topic in slugs),
            frozenset(slugs[topic] for topic in review.machine if topic in slugs),
        )
        for review in reviews
    ]


def _course(label: str, month: Counter[str]) -> Course:
    said, right, both = month["said"], month["right"], month["both"]
    return Course(
        label,
        month["cases"],
        both / said if said else None,
        both / right if right else None,
        2 * both / (said + right) if said + right else None,
    )
