"""The doorbells of the wire: each message only says that there may be work; what work there is, PostgreSQL knows."""

import time

from celery import shared_task
from django.conf import settings

from news import free_space, pictures, pipeline, tag, watching
from news.embed import near_index
from news.embed.reembed import reembed as make_vectors
from news.enqueue import enqueue
from news.models import Stage
from news.names import search_old
from news.search import renew
from news.sources import poll
from news.stories import copies
from news.topics import learn

SHIFT_SECONDS = 60  # then the bell is rung anew, so that a worker may be stopped or replaced between two shifts
PICTURE_SHIFT_SECONDS = 20
NAMES_SHIFT_SECONDS = 30
SKETCH_SHIFT_SECONDS = 300
REEMBED_SHIFT_SECONDS = 40  # of every minute, so that new articles are not kept waiting


@shared_task
def work(stage: str) -> None:
    """Work at one stage until nothing waits there, ringing for the next stage as articles arrive."""
    step = pipeline.TABLE[Stage(stage)]
    end = time.monotonic() + SHIFT_SECONDS
    worked = False
    while time.monotonic() < end:
        if not pipeline.advance(step.stage):
            # A host must rest between two pages: come back when it has, rather than wait here.
            if worked and step.stage == Stage.FOUND:
                ring(step.stage, after=min(settings.CRAWL_PACE, 60))
            return
        worked = True
        if step.then in pipeline.TABLE:
            ring(step.then)
    ring(step.stage)


@shared_task
def sweep() -> None:
    """Ring for every stage that has work: what a lost message or a dead worker left is found here."""
    for stage in pipeline.sweep():
        ring(stage)


@shared_task
def look_at_sources() -> None:
    """Look at the sources that are due, and ring for what they brought."""
    end = time.monotonic() + SHIFT_SECONDS
    worked = False
    while time.monotonic() < end and not free_space.is_low() and poll.poll_next():
        worked = True
    if worked:
        for stage in (Stage.FOUND, Stage.FETCHED):
            ring(stage)


def ring_for_sources() -> None:
    """Ring once the transaction is through: somebody wants a source looked at now."""
    enqueue(look_at_sources, queue="crawl")


@shared_task
def check_links() -> None:
    """Ask for published links that are due, until their hosts must rest; come back when they have."""
    end = time.monotonic() + SHIFT_SECONDS
    worked = False
    while time.monotonic() < end and not free_space.is_low() and watching.check_next():
        worked = True
    if worked and watching.is_due():
        enqueue(check_links, queue="crawl", after=min(settings.CRAWL_PACE, 60))


@shared_task
def sketch_articles() -> None:
    """Make the sketches that articles of an older version, or copies that lost their original, still lack."""
    end = time.monotonic() + SKETCH_SHIFT_SECONDS
    copies.fill(lambda: time.monotonic() > end)


@shared_task
def fetch_pictures() -> None:
    """Fetch pictures that wait, for a short shift: articles need the same workers; come back when hosts have rested."""
    end = time.monotonic() + PICTURE_SHIFT_SECONDS
    worked = False
    while time.monotonic() < end and not free_space.is_low() and pictures.fetch_next():
        worked = True
    if worked:
        enqueue(fetch_pictures, queue="crawl", after=min(settings.CRAWL_PACE, 60))


@shared_task
def forget_pictures() -> None:
    pictures.forget_old()


def ring_for_pictures() -> None:
    """Ring once the transaction is through."""
    enqueue(fetch_pictures, queue="crawl")


@shared_task
def reembed() -> None:
    """Make vectors of a model that was newly chosen, while those of the old one serve."""
    end = time.monotonic() + REEMBED_SHIFT_SECONDS
    make_vectors(lambda: time.monotonic() > end)


@shared_task
def tend_vectors() -> None:
    """Build the index of nearest vectors where one is missing; let old models' vectors go, for a short shift."""
    end = time.monotonic() + SHIFT_SECONDS
    near_index.tend(lambda: time.monotonic() > end)


@shared_task
def renew_search_terms() -> None:
    """Articles whose search terms are of an older make, for a short shift."""
    end = time.monotonic() + NAMES_SHIFT_SECONDS
    renew(lambda: time.monotonic() > end)


@shared_task
def search_names() -> None:
    """Look for names that came later in the articles of old, for a shift."""
    end = time.monotonic() + NAMES_SHIFT_SECONDS
    while time.monotonic() < end and not free_space.is_low() and search_old.search_batch():
        pass


@shared_task
def tidy_names() -> None:
    search_old.tidy()


@shared_task
def learn_topics() -> None:
    """Learn from what editors said of topics, once they pause; then file anew what came lately and nobody judged."""
    if learn.learn_if_due():
        tag.file_lately()


def ring_for_topics() -> None:
    """Ring once the transaction is through, when the editor may have paused."""
    enqueue(learn_topics, queue="gpu", after=learn.QUIET.total_seconds() + 1)


def ring(stage: Stage, after: float = 0) -> None:
    """Ring once the transaction is through. A broker that is down loses nothing: the sweeper rings again."""
    enqueue(work, stage.value, queue=pipeline.TABLE[stage].queue, after=after)
