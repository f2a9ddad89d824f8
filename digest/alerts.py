"""Letters to the editors about sources in trouble: silent for longer than usual, or failing for more than a day."""

import smtplib

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from digest import mail
from digest.outgoing.sequence import is_held
from news.models import Source
from news.sources.health import SILENT, Health, needing_attention

NAMED = 50


@shared_task
def tell_editors_of_sources() -> None:
    if not is_held():
        tell_of_sources()


def tell_of_sources() -> int:
    """One letter about all sources whose trouble is new; how many it told of. Each trouble is told once."""
    if not settings.EDITORS_EMAIL:
        return 0
    claimed = _claim([health for health in needing_attention() if health.state == SILENT or health.failing_for_a_day])
    if not claimed:
        return 0
    pks = [health.source.pk for health in claimed]
    # Named by what it tells: a try that was cut off leaves no second letter in the mailbox.
    message_id = f"<sources-{timezone.now():%Y%m%d%H}-{'-'.join(map(str, pks[:20]))}@{mail.site_host()}>"
    context = {"sources": claimed[:NAMED], "count": len(claimed), "more": max(len(claimed) - NAMED, 0)}
    try:
        mail.post("sources", settings.EDITORS_EMAIL, context, message_id=message_id)
    except (smtplib.SMTPException, OSError):
        Source.objects.filter(pk__in=pks).update(alerted_at=None)
        raise
    return len(claimed)


def _claim(troubled: list[Health]) -> list[Health]:
    """Those that nobody was told of, marked as told before the letter goes: two workers never send two."""
    with transaction.atomic():
        untold = Source.objects.filter(Q(pk__in=[health.source.pk for health in troubled]), alerted_at=None)
        pks = set(untold.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Source.objects.filter(pk__in=pks).update(alerted_at=timezone.now())
    return [health for health in troubled if health.source.pk in pks]
