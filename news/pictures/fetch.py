"""Fetches one picture after another, each in its host's turn, after the articles of that host.

Pictures of copies and of articles that went no further wait until somebody wants to see them: nobody's server is asked
for what nobody looks at.
"""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from news.http import IMAGES, FetchError
from news.manners import NotNow, ask
from news.models import Article, Host, Picture, PictureState, Stage
from news.pictures.raster import Unfit, rewrite
from news.pictures.store import keep

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
RETRY_MINUTES = (1, 10, 60)
ENDED_WORKER = "the worker ended each time while it worked on this picture"


def fetch_next(samples: bool = False) -> bool:
    """Claim the most wanted picture that may be asked for now, and fetch it. False where there is none.

    `samples`: only those of the demo, whose addresses nobody but the demo's own proxy answers for.
    """
    _park_the_deadly()
    picture = _claim(samples)
    if picture is None:
        return False
    try:
        _settle(picture, _fetched(picture))
    except NotNow as not_now:
        # Another worker was faster at the host: no try was made, unless a redirect had led us on already.
        _settle(picture, {"attempts": F("attempts") - (0 if not_now.url else 1), "next_at": Now() + not_now.wait})
    return True


def due(samples: bool = False) -> QuerySet[Picture]:
    """Those that may be asked for now, the most wanted first."""
    of = Picture.articles.through.objects.filter(picture=OuterRef("pk"))
    in_use = Q(wanted_at__isnull=False) | Exists(of.filter(article__in=Article.objects.candidates()))
    waiting = Picture.objects.due().filter(in_use, attempts__lt=MAX_ATTEMPTS)
    of_sample = Exists(of.filter(article__is_sample=True))
    busy = Host.objects.taken().values("name")
    articles_first = Article.objects.waiting(Stage.FOUND).values("host")
    return waiting.filter(of_sample if samples else ~of_sample).exclude(host__in=busy).exclude(host__in=articles_first)


def _park_the_deadly() -> None:
    """What ended its worker every time must not do so for ever."""
    deadly = Picture.objects.due().filter(attempts__gte=MAX_ATTEMPTS)
    deadly.update(state=PictureState.FAILED, reason=ENDED_WORKER)


def _claim(samples: bool) -> Picture | None:
    """One UPDATE, whose WHERE is the lock; it counts the try before it is made. The lease's end names the holder."""
    for pk in due(samples).values_list("pk", flat=True)[:8]:
        lease = Now() + timedelta(seconds=settings.LEASE_SECONDS)
        if Picture.objects.due().filter(pk=pk).update(leased_until=lease, attempts=F("attempts") + 1):
            return Picture.objects.get(pk=pk)
    return None


def _fetched(picture: Picture) -> dict[str, Any]:
    """The columns to set: those of the stored file, or of a try that failed. Raises NotNow."""
    try:
        response = ask(picture.url, types=IMAGES)
        return keep(rewrite(response.body)) | {"attempts": 0}
    except FetchError as error:
        return _failed(picture, str(error), error.permanent, error.retry_after)
    except Unfit as unfit:
        return _failed(picture, str(unfit), permanent=True)


def _failed(picture: Picture, reason: str, permanent: bool, retry_after: int | None = None) -> dict[str, Any]:
    columns: dict[str, Any] = {"reason": reason.replace("\0", "")[:300]}
    if permanent or picture.attempts >= MAX_ATTEMPTS:
        return columns | {"state": PictureState.FAILED}
    wait = timedelta(minutes=RETRY_MINUTES[picture.attempts - 1])
    return columns | {"next_at": Now() + max(wait, timedelta(seconds=retry_after or 0))}


def _settle(picture: Picture, columns: dict[str, Any]) -> None:
    """Apply while the lease is our own; a file that came too late is not left behind."""
    mine = Picture.objects.filter(pk=picture.pk, state=PictureState.WAITING, leased_until=picture.leased_until)
    if not mine.update(leased_until=Now(), **columns):
        log.warning("picture %s: another worker has it by now", picture.pk)
        if columns.get("file"):
            default_storage.delete(columns["file"])
