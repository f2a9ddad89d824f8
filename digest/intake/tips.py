"""Tips: a reader recommends a link, an editor takes or declines it. Nothing is fetched before the editor's yes."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from digest.intake.models import Tip
from news.models import Source
from news.sources.inbox import Outcome, add


def recommend(link: Outcome, note: str, name: str) -> Tip:
    """Keep a tip. The same page recommended again is counted, and keeps the first words that somebody gave."""
    about = {"url": link.url[:4000], "note": note[:500], "name": name[:60]}
    tip, made = Tip.objects.get_or_create(canonical_url=link.canonical, defaults=about)
    if not made:
        Tip.objects.filter(pk=tip.pk).update(times=F("times") + 1)
        Tip.objects.filter(pk=tip.pk, note="", name="").update(note=about["note"], name=about["name"])
    return tip


@transaction.atomic
def take(tip: Tip, by: User) -> bool:
    """Put the link into the inbox of tips. False where another editor was faster, or the link is no good any more."""
    if not _decide(tip, Tip.Status.TAKEN, by):
        return False
    outcome = add(tip.url, Source.tips(), by, note=_note(tip))
    if outcome.article is None:
        Tip.objects.filter(pk=tip.pk).update(status=Tip.Status.DECLINED)
        return False
    Tip.objects.filter(pk=tip.pk).update(article=outcome.article)
    return True


def decline(tip: Tip, by: User) -> bool:
    """Leave it; the link is not fetched. False where another editor was faster."""
    return _decide(tip, Tip.Status.DECLINED, by)


def _decide(tip: Tip, status: str, by: User) -> bool:
    waiting = Tip.objects.filter(pk=tip.pk, status=Tip.Status.WAITING)
    return bool(waiting.update(status=status, decided_by=by, decided_at=Now()))


def _note(tip: Tip) -> str:
    return "：".join(part for part in (tip.name, tip.note) if part)
