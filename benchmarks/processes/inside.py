"""What is asked of the site's database, by a process of its own: a JSON line in, a JSON line out.

It waits out a database that is away: what is done to the site must not stop the one who counts.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

PATIENCE_S, AGAIN_S = 180.0, 0.2


def main() -> None:
    from digest import embedded

    embedded.hold_or_exit()
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _patiently(COMMANDS[asked.pop("command")], asked)
        print(json.dumps(answer, ensure_ascii=False), flush=True)


def _patiently(command: Callable[..., Any], given: dict[str, Any]) -> Any:
    from django.db import InterfaceError, OperationalError, connection, transaction

    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            with transaction.atomic():
                return command(**given)
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(AGAIN_S)


def readers(count: int) -> Any:
    from django.utils import timezone

    from digest.mailing.models import Subscriber

    for number in range(count):
        columns = {"status": Subscriber.Status.CONFIRMED, "confirmed_at": timezone.now()}
        Subscriber.objects.get_or_create(email=f"reader{number}@reader.example", defaults=columns)
    return Subscriber.objects.count()


def feed(urls: list[str], days_ago: int) -> Any:
    """Paste `urls` and publish an issue of its own date for everybody."""
    from datetime import timedelta

    from django.utils import timezone

    from digest.briefings.index import index
    from digest.briefings.models import Briefing, Item
    from digest.mailing import start
    from digest.mailing.tasks import deliver
    from news.enqueue import enqueue
    from news.models import Stage
    from news.sources import inbox
    from news.tasks import ring

    if urls:
        inbox.paste("\n".join(urls))
        ring(Stage.FOUND)
    day = timezone.localdate() - timedelta(days=days_ago)
    briefing, is_new = Briefing.objects.get_or_create(date=day, defaults={"published_at": timezone.now()})
    if is_new:
        item = Item.objects.create(briefing=briefing, position=1, headline=f"第 {days_ago} 件事", text="一段话。")
        index([item])
    start.post_briefings()
    enqueue(deliver, queue="mail")
    return is_new


def open_work() -> Any:
    """[articles that have steps left, letters that are still to leave]."""
    from digest.mailing.models import Delivery
    from news.models import Article
    from news.pipeline import TABLE

    state = Delivery.State
    letters = Delivery.objects.filter(state__in=[state.PENDING, state.CLAIMED, state.COMMITTING])
    return [Article.objects.filter(stage__in=list(TABLE)).count(), letters.count()]


def moved() -> Any:
    """[articles past the first stage, articles through, letters that left or may have]."""
    from digest.mailing.models import Delivery
    from news.models import Article, Stage

    state = Delivery.State
    left = Delivery.objects.filter(state__in=[state.SENT, state.UNKNOWN])
    through = Article.objects.filter(stage=Stage.SUMMARISED)
    return [Article.objects.exclude(stage=Stage.FOUND).count(), through.count(), left.count()]


def waiting() -> Any:
    from benchmarks.real.inside import waiting as of_articles
    from digest.mailing.models import Delivery

    state = Delivery.State
    letters = Delivery.objects.filter(state__in=[state.PENDING, state.CLAIMED, state.COMMITTING])
    said = [f"letter {one.pk} {one.state}, due {one.due_at:%H:%M:%S}, {one.attempts} tries" for one in letters[:5]]
    return [*of_articles(), *said]


def ledger() -> Any:
    """Articles by stage, letters by state, and (recipient, Message-ID) of every letter that is held for sent."""
    from collections import Counter

    from digest.mailing.models import Delivery
    from news.models import Article

    sent = Delivery.objects.filter(state=Delivery.State.SENT)
    return {
        "articles": Counter(Article.objects.filter(host__endswith="press.example").values_list("stage", flat=True)),
        "letters": Counter(Delivery.objects.values_list("state", flat=True)),
        "sent": [list(row) for row in sent.values_list("subscriber__email", "message_id")],
    }


COMMANDS: dict[str, Callable[..., Any]] = {
    command.__name__: command for command in (readers, feed, open_work, moved, waiting, ledger)
}

if __name__ == "__main__":
    main()
