"""The order in which an article travels, in one table, and how its steps are claimed, done and taken back.

| stage      | step      | then       | queue   | why here                                                        |
|------------|-----------|------------|---------|-----------------------------------------------------------------|
| found      | fetch     | fetched    | crawl   | the only step that waits for others: it has workers of its own   |
| fetched    | read      | read       | default | from the snapshot alone: may be done again without the network   |
| read       | embed     | embedded   | gpu     | one model, one process; a batch's vectors are made together      |
| embedded   | file      | filed      | gpu     | topics, then copies, then the story; topics have vectors too     |
| filed      | summarise | summarised | gpu     | last, so that nothing is spent on what was dropped before        |

A step claims articles by one compare-and-set UPDATE with a lease, works with no lock held, and applies its result only
while the lease is still its own. It is a function of what is stored and writes by unique keys, so it may run twice.
What a dead worker held comes back when its lease ends. What a step can do better for a whole batch is prepared before
its articles are worked on one by one; it only fills stores that the step reads, and the step does without it as well.
"""

import logging
import secrets
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from news import free_space, retries, steps
from news.liveness import backend, has_lost_its_holder
from news.manners import HELD_S
from news.models import Article, DropReason, Host, Source, Stage
from news.outages import outage_of
from news.steps import Dropped, Later, LeaseLost

log = logging.getLogger(__name__)

MAX_ATTEMPTS = {Stage.FOUND: retries.FETCH_TRIES}
AT_ONCE = 200  # dropped articles that one sweep sends back
ENDED_WORKER = "the worker ended each time while it worked on this article"
OUTAGE_PAUSE = timedelta(seconds=10)
DEFAULT_ATTEMPTS = 3  # P9: then it is parked where the admin shows it


@dataclass(frozen=True)
class Step:
    stage: Stage
    work: Callable[[Article], dict[str, Any]]  # gives the columns to set; raises Dropped or Later
    then: Stage
    queue: str
    batch: int
    prepare: Callable[[Sequence[Article]], None] | None = None

    @property
    def attempts(self) -> int:
        return MAX_ATTEMPTS.get(self.stage, DEFAULT_ATTEMPTS)


TABLE: dict[Stage, Step] = {
    step.stage: step
    for step in (
        Step(Stage.FOUND, steps.fetch, Stage.FETCHED, "crawl", 1),
        Step(Stage.FETCHED, steps.read, Stage.READ, "default", 8),
        Step(Stage.READ, steps.embed, Stage.EMBEDDED, "gpu", 8, steps.prepare_vectors),
        Step(Stage.EMBEDDED, steps.file, Stage.FILED, "gpu", 8),
        Step(Stage.FILED, steps.summarise, Stage.SUMMARISED, "gpu", 8),
    )
}


def advance(stage: Stage) -> int:
    """Claim one batch at `stage` and work on it. Returns how many were claimed: 0 where nothing waits, or disk low."""
    if free_space.is_low():
        return 0
    step = TABLE[stage]
    claimed, once_held = _claim(step)
    if step.prepare:
        _prepare(step.prepare, [article for article in claimed if article.pk not in once_held])
    for article in claimed:
        _carry_out(step, article)
    return len(claimed)


def drain(report: Callable[[], None] | None = None, stages: Sequence[Stage] = tuple(TABLE)) -> None:
    """Work on everything that can be worked on now, in this process: for commands, the demo and the tests."""
    while sum(advance(stage) for stage in stages):
        if report:
            report()


def work_on(article: Article) -> None:
    """Do the next step of an article whose lease the caller holds."""
    _carry_out(TABLE[Stage(article.stage)], article)


def sweep() -> list[Stage]:
    """Send back what is to be tried again, park what was tried too often; say which stages have work to start now.

    What a killed worker held is free at once: its connection tells of its end before the lease does.
    """
    held = Article.objects.filter(stage__in=list(TABLE), leased_until__gt=Now())
    held.filter(has_lost_its_holder("news_article.lease")).update(leased_until=Now())
    Host.objects.free_the_dead()
    Source.objects.filter(has_lost_its_holder("news_source.lease"), leased_until__gt=Now()).update(leased_until=Now())
    for article in Article.objects.to_retry().order_by("retry_at")[:AT_ONCE]:
        article.retry_by_itself(attempts=retries.FETCH_TRIES - 1)  # one try: the rule says when the next one is
    for step in TABLE.values():
        for article in Article.objects.waiting(step.stage).filter(attempts__gte=step.attempts):
            _settle(article, step, _dropped(article, step, Dropped(DropReason.FAILED, article.error or ENDED_WORKER)))
    return [stage for stage in TABLE if _candidates(TABLE[stage]).exists()]


def claim(step: Step) -> Sequence[Article]:
    """Take up to a batch of waiting articles: one UPDATE, whose WHERE is the lock."""
    return _claim(step)[0]


def _claim(step: Step) -> tuple[list[Article], set[int]]:
    """The same, and those of them on which a worker's lease has run out: it may have died of them."""
    candidates = _candidates(step).values_list("pk", "host", "lease")[: step.batch * 4]
    if not candidates:
        return [], set()
    lease = f"{backend()}.{secrets.token_hex(8)}"
    once_held = set()
    for pk, host, left in candidates:
        if step.stage == Stage.FOUND and not Host.objects.take_turn(host, settings.CRAWL_TIMEOUT + HELD_S):
            continue
        won = (
            Article.objects.waiting(step.stage)
            .filter(pk=pk)
            .update(lease=lease, leased_until=Now() + timedelta(seconds=settings.LEASE_SECONDS))
        )
        if step.stage == Stage.FOUND and not won:
            Host.objects.release(host)
        if won and left:
            once_held.add(pk)
        if won and Article.objects.filter(lease=lease).count() >= step.batch:
            break
    return list(Article.objects.filter(lease=lease).order_by("due_at", "pk")), once_held


def _candidates(step: Step) -> QuerySet[Article]:
    waiting = Article.objects.waiting(step.stage).filter(attempts__lt=step.attempts).order_by("due_at", "pk")
    if step.stage == Stage.FOUND:
        waiting = waiting.exclude(host__in=Host.objects.taken().values("name"))
    return waiting


def _prepare(prepare: Callable[[Sequence[Article]], None], articles: Sequence[Article]) -> None:
    """Of those that no worker died of, and that nothing was wrong with: one poison article must not cost its batch."""
    fresh = [article for article in articles if not article.attempts]
    try:
        if len(fresh) > 1:
            prepare(fresh)
    except Exception:  # whose fault it was, each article's own step finds out
        log.exception("nothing was prepared for %s", [article.pk for article in fresh])


def _carry_out(step: Step, article: Article) -> None:
    """Do one step. No transaction is open meanwhile: what the step notes, e.g. of the host, stays in any case."""
    try:
        _begin(article, step)
        columns = step.work(article)
        _apply(article, step, {"stage": step.then, "attempts": 0, "error": "", "due_at": Now(), **columns})
    except LeaseLost:
        log.warning("%s: another worker has it by now", article.pk)
    except Dropped as dropped:
        _settle(article, step, _dropped(article, step, dropped))
    except Later as later:
        _postpone(article, step, later)
    except Exception as error:  # the edge of a task: a poison article must not stop the queue (P9)
        log.exception("article %s at %s", article.pk, step.stage)
        if outage_of(error):  # no fault of the article: nothing is counted, and the lease ends by itself at the worst
            with suppress(DatabaseError):
                _postpone(article, step, Later(OUTAGE_PAUSE, "", counted=False))
            return
        _postpone(article, step, Later(timedelta(seconds=30 * 2**article.attempts), traceback.format_exc(limit=-6)))


def _begin(article: Article, step: Step) -> None:
    """Count the try before it is made, for this article alone: a death in it must not be put down to its batch."""
    end = Now() + timedelta(seconds=settings.LEASE_SECONDS)
    if not _mine(article, step).update(attempts=F("attempts") + 1, leased_until=end):
        raise LeaseLost
    article.attempts += 1


def _apply(article: Article, step: Step, columns: dict[str, Any]) -> None:
    # PostgreSQL keeps no NUL in a text, and what a hostile server said may hold one.
    kept = {name: value.replace("\0", "\ufffd") for name, value in columns.items() if isinstance(value, str)}
    if not _mine(article, step).update(lease="", leased_until=Now(), changed_at=Now(), **columns | kept):
        raise LeaseLost


def _mine(article: Article, step: Step) -> QuerySet[Article]:
    return Article.objects.filter(pk=article.pk, stage=step.stage, lease=article.lease)


def _dropped(article: Article, step: Step, dropped: Dropped) -> dict[str, Any]:
    """The columns of an article that goes no further.

    A failure never overwrites a good copy (P13): of an article that was once through, and is fetched again, only the
    state changes, and it stays in use.
    """
    columns: dict[str, Any] = {"error": dropped.detail, "attempts": 0, **dropped.columns}
    if article.story_id and step.stage in (Stage.FOUND, Stage.FETCHED):
        return columns | {"stage": Stage.SUMMARISED}
    wait = retries.next_try(retries.rule_of(dropped.reason, dropped.detail), article.retries)
    retry_at = timezone.now() + wait if wait else None
    return columns | {"stage": Stage.DROPPED, "drop_reason": dropped.reason, "retry_at": retry_at}


def _postpone(article: Article, step: Step, later: Later) -> None:
    if not later.counted:
        return _settle(article, step, {"due_at": Now() + later.wait, "attempts": article.attempts - 1, **later.columns})
    if article.attempts >= step.attempts:
        reason = DropReason.UNREACHABLE if step.stage == Stage.FOUND else DropReason.FAILED
        return _settle(article, step, _dropped(article, step, Dropped(reason, later.detail)))
    return _settle(article, step, {"error": later.detail, "due_at": Now() + later.wait, **later.columns})


def _settle(article: Article, step: Step, columns: dict[str, Any]) -> None:
    try:
        _apply(article, step, columns)
    except LeaseLost:
        log.warning("%s: another worker has it by now", article.pk)


def counts() -> Iterator[tuple[str, int]]:
    """How many articles stand at each stage, in the table's order."""
    for stage in Stage:
        yield stage, Article.objects.filter(stage=stage).count()
