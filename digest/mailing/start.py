"""Starts the sending of published briefings: freezes the issue and writes down its audience, once."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from digest.briefings.models import Briefing
from digest.mailing.freeze import freeze
from digest.mailing.models import Mailing

# Later than this nothing leaves by itself: after an outage, on a first start, or from a restored backup, an editor
# decides (DELIVERY-015).
LATEST = timedelta(hours=6)

AUDIENCE = """
INSERT INTO mailing_delivery
    (mailing_id, briefing_id, subscriber_id, state, due_at, worker, attempts, message_id, error)
SELECT %(mailing)s, %(briefing)s, id, 'pending', statement_timestamp(), '', 0, '', ''
FROM mailing_subscriber
WHERE status = 'confirmed' AND NOT is_blocked AND confirmed_at < %(before)s
    AND (paused_until IS NULL OR paused_until <= statement_timestamp())
    AND (NOT is_sample OR %(samples)s)
ORDER BY id
ON CONFLICT (briefing_id, subscriber_id) DO NOTHING
"""


def post_briefings() -> int:
    """Start the sending of every published briefing that has none; how many were taken up.

    Those who confirmed before the publication get the issue, later ones get the next. Neither sample issues nor those
    imported from elsewhere are ever posted, however late or early: their readers had them.
    """
    waiting = Briefing.objects.published().filter(mailing=None, is_sample=False, is_imported=False)
    waiting = waiting.order_by("published_at")
    return sum(take_up(briefing.pk) for briefing in waiting)


@transaction.atomic
def take_up(briefing_pk: int) -> bool:
    """Start one sending, or hold it where it is late. False where somebody else did."""
    # Publishing, editing and a second scheduler wait here: the version that is frozen is one version.
    briefing = Briefing.objects.select_for_update().get(pk=briefing_pk)
    if briefing.published_at is None or briefing.is_imported or Mailing.objects.filter(briefing=briefing).exists():
        return False
    late = timezone.now() - briefing.published_at > LATEST
    mailing = Mailing.objects.create(
        briefing=briefing,
        issue=freeze(briefing),
        state=Mailing.State.HELD if late else Mailing.State.RUNNING,
        reason=gettext_noop("发布已超过 6 小时，需编辑确认后才寄出") if late else "",
    )
    if not late:
        _fix_audience(mailing, briefing.published_at)
    return True


@transaction.atomic
def release(mailing: Mailing, by: User | None) -> bool:
    """An editor presses Send on a held one: it goes to all who are confirmed now. True where this press did it."""
    held = Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.HELD, briefing__is_sample=False)
    held = held.filter(briefing__is_imported=False)
    # The issue is frozen again: a held one may have been corrected while it waited.
    briefing = Briefing.objects.select_for_update().get(pk=mailing.briefing_id)
    done = held.update(state=Mailing.State.RUNNING, reason="", started_by=by, issue=freeze(briefing))
    if done:
        _fix_audience(mailing, timezone.now())
    return bool(done)


def _fix_audience(mailing: Mailing, before: datetime) -> None:
    values: dict[str, Any] = {
        "mailing": mailing.pk,
        "briefing": mailing.briefing_id,
        "before": before,
        "samples": not settings.EMAIL_URL,
    }
    with connection.cursor() as cursor:
        cursor.execute(AUDIENCE, values)
    Mailing.objects.filter(pk=mailing.pk).update(started_at=Now())
