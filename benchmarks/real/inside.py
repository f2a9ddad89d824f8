"""What is asked of the site's database, by a process of its own: a JSON line in, a JSON line out.

It holds the embedded services up while workers die, as the web process does on a real site.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import django


def main() -> None:
    from digest import embedded

    embedded.hold_or_exit()
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = COMMANDS[asked.pop("command")](**asked)
        print(json.dumps(answer, ensure_ascii=False), flush=True)


def prepare() -> Any:
    from django.core.management import call_command
    from django.utils import timezone

    from digest.mailing.models import Subscriber
    from news.topics import install_starter_topics

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    install_starter_topics()
    for number in (1, 2, 3):
        Subscriber.objects.create(
            email=f"reader{number}@reader{number}.example",
            status=Subscriber.Status.CONFIRMED,
            confirmed_at=timezone.now(),
        )
    return Subscriber.objects.count()


def paste(text: str) -> Any:
    """Paste `text` into the inbox, as the admin's page does."""
    from news.models import Stage
    from news.sources import inbox
    from news.tasks import ring

    outcomes = inbox.paste(text)
    ring(Stage.FOUND)
    return [outcome.fate for outcome in outcomes]


def progress() -> Any:
    """(steps done, steps in all): an article has as many as the pipeline's table, a dropped one has done them all."""
    from collections import Counter

    from news.models import Article, Stage
    from news.pipeline import TABLE

    done = {stage: number for number, stage in enumerate([*TABLE, Stage.SUMMARISED])} | {Stage.DROPPED: len(TABLE)}
    stages = Counter(Article.objects.values_list("stage", flat=True))
    return sum(done[Stage(stage)] * count for stage, count in stages.items()), len(TABLE) * stages.total()


def waiting() -> Any:
    """A line for each article that has steps left: at which stage, for what it waits, and until when."""
    from django.db.models import Q
    from django.utils import timezone

    from news.models import Article, Host
    from news.pipeline import TABLE

    now = timezone.now()
    lines = []
    for article in Article.objects.filter(stage__in=list(TABLE)).order_by("due_at")[:20]:
        host = Host.objects.filter(Q(busy_until__gt=now) | Q(next_at__gt=now), name=article.host).first()
        until = {
            "another worker's lease": article.leased_until,
            "its next try": article.due_at,
            "its host's turn": host.busy_until if host else None,
            "its host's pause": host.next_at if host else None,
        }
        reasons = [f"{what} until {at:%H:%M:%S}" for what, at in until.items() if at and at > now]
        tries = f"{article.attempts} tries" + (f", {article.error.strip().splitlines()[-1]}" if article.error else "")
        lines.append(f"article {article.pk} at {article.stage} ({tries}): {', '.join(reasons) or 'for a worker'}")
    return lines


def articles() -> Any:
    from news.models import Article

    return list(Article.objects.values("canonical_url", "stage", "state", "drop_reason", "error"))


def counts() -> Any:
    from django.db.models import Count

    from news.models import Article, Embedding, Stage, Story

    kept = Article.objects.filter(stage=Stage.SUMMARISED)
    return {
        "stored": kept.count(),
        "embedded": kept.filter(text_hash__in=Embedding.objects.values("text_hash")).count(),
        "summaries": kept.annotate(n=Count("summaries")).filter(n=1).count(),
        "filed": kept.filter(filed__isnull=False).distinct().count(),
        "topics": kept.values("filed__topic").exclude(filed=None).distinct().count(),
        "duplicates": kept.exclude(duplicate_of=None).count(),
        "stories": Story.objects.filter(articles__in=kept).distinct().count(),
    }


def stages() -> Any:
    """How many articles stand where."""
    from collections import Counter

    from news.models import Article

    return Counter(Article.objects.values_list("stage", flat=True))


def drain_timed(stage: str) -> Any:
    """Seconds for all that waits at `stage`; "warm" loads what the first step of each would load."""
    import time

    from news import pipeline
    from news.embed import encoder
    from news.models import Stage

    if stage == "warm":
        return len(encoder().encode(["热身"]))
    began = time.monotonic()
    pipeline.drain(stages=(Stage(stage),))
    return time.monotonic() - began


def move_clock(files: list[str], minutes: float) -> Any:
    """Bring forward what waits for more than `minutes`: retries of `files` (canonical URLs), and hosts that the breaker
    closed. What a site asked for in a Retry-After, and the pace, are shorter and stay as they are. Says what moved.
    """
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from news.models import Article, Host, Stage

    far = timezone.now() + timedelta(minutes=minutes)
    soon = timezone.now() + timedelta(seconds=max(10, 2 * settings.CRAWL_PACE))  # its last request may be just over
    wanted = Article.objects.filter(canonical_url__in=files)
    moved = {
        "retries": wanted.filter(stage=Stage.FOUND, due_at__gt=far).update(due_at=timezone.now()),
        "second chances": wanted.filter(stage=Stage.DROPPED, retry_at__gt=far).update(retry_at=timezone.now()),
        "closed hosts": Host.objects.filter(next_at__gt=far).update(next_at=soon),
    }
    return {name: count for name, count in moved.items() if count}


def publish() -> Any:
    """Compose today's issue and publish it, as an editor does."""
    from django.utils import timezone

    from digest.briefings.compose import compose
    from digest.briefings.lint import lint

    briefing = compose(timezone.localdate())
    blocking = [finding.message for finding in lint(briefing) if finding.blocks]
    briefing.publish(None)
    items = briefing.items.values_list("pk", "url")
    topics = briefing.items.exclude(topics=None).values_list("topics__slug", flat=True).distinct()
    return {"number": briefing.number, "items": list(items), "topics": list(topics), "blocking": blocking}


def sent() -> Any:
    from digest.mailing.models import Delivery

    return Delivery.objects.filter(state=Delivery.State.SENT).count()


COMMANDS: dict[str, Callable[..., Any]] = {
    command.__name__: command
    for command in (prepare, paste, progress, waiting, articles, counts, stages, drain_timed, move_clock, publish, sent)
}

if __name__ == "__main__":
    main()
