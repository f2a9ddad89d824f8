"""How the sources fare, in words: when each last worked, what is wrong, and what a person should do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import Lead, Source
from news.sources import KINDS, reasons
from news.sources.poll import POLLED

DAY = timedelta(days=1)
GAPS = 20
LEAST_SILENCE = timedelta(days=3)
USUAL_GAPS = 3
OK, NEW, SILENT, FAILING, WALLED, PAUSED = "ok", "new", "silent", "failing", "walled", "paused"
STATES = {
    OK: gettext_lazy("正常"),
    NEW: gettext_lazy("还没看过"),
    SILENT: gettext_lazy("久无新文章"),
    FAILING: gettext_lazy("出错"),
    WALLED: gettext_lazy("被验证页拦住"),
    PAUSED: gettext_lazy("已停用"),
}
SILENT_ADVICE = gettext_lazy("打开来源看看：停更了就停用它；其实有新文章，就换一个地址或桥接。")


@dataclass(frozen=True)
class Health:
    source: Source
    state: str
    usual_gap: timedelta | None
    now: datetime

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    @property
    def kind_label(self) -> str:
        kind = KINDS.get(self.source.kind)
        return str(kind.label) if kind else self.source.kind

    @property
    def what(self) -> str:
        """What is wrong, in a sentence; empty where nothing is."""
        if self.state == SILENT:
            return self._silence()
        if self.state in (FAILING, WALLED):
            words = reasons.words(self.source.error)
            return _("%(what)s，已连续 %(n)s 次。") % {"what": words.what, "n": self.source.failures}
        return ""

    def _silence(self) -> str:
        since = self.source.found_at
        if since is None:
            return _("看过多次，还没有带来过文章。")
        days = (self.now - since).days
        if self.usual_gap is None:
            return _("%(days)s 天没有新文章。") % {"days": days}
        if self.usual_gap >= DAY:
            return _("%(days)s 天没有新文章；平常约 %(usual)s 天一篇。") % {
                "days": days,
                "usual": round(self.usual_gap / DAY),
            }
        return _("%(days)s 天没有新文章；平常一天不止一篇。") % {"days": days}

    @property
    def advice(self) -> str:
        if self.state == SILENT:
            return str(SILENT_ADVICE)
        return str(reasons.words(self.source.error).advice) if self.state in (FAILING, WALLED) else ""

    @property
    def detail(self) -> str:
        """The error as it was noted, for who wants to know exactly."""
        return self.source.error[:300] if self.state in (FAILING, WALLED) else ""

    @property
    def failing_for_a_day(self) -> bool:
        worked = self.source.worked_at or self.source.created_at
        return self.source.failures > 0 and self.now - worked > DAY

    @property
    def needs_a_person(self) -> bool:
        """Waiting alone will not do: silent, walled, failing for more than a day, or for a reason that lasts."""
        if self.state in (SILENT, WALLED):
            return True
        return self.state == FAILING and (self.failing_for_a_day or reasons.words(self.source.error).lasting)


def board() -> list[Health]:
    """Every source that is watched, those that need a person first."""
    now = timezone.now()
    found = [of(source, now) for source in with_recent_leads(Source.objects.filter(kind__in=POLLED))]
    return sorted(found, key=lambda health: (not health.needs_a_person, health.state == PAUSED, health.source.name))


def needing_attention() -> list[Health]:
    """What the desk's first page and the letter to the editors name."""
    return [health for health in board() if health.needs_a_person and not health.source.is_sample]


def with_recent_leads(sources: "models.QuerySet[Source]") -> "models.QuerySet[Source]":
    """The sources, each with the leads that tell its habit: one query more, however many sources."""
    told_at = Coalesce("published_at", "created_at")
    recent = Lead.objects.annotate(told_at=told_at).order_by(models.F("told_at").desc())[: GAPS + 1]
    return sources.prefetch_related(models.Prefetch("leads", recent, to_attr="recent_leads"))


def of(source: Source, now: datetime | None = None) -> Health:
    """How a source out of `with_recent_leads` fares."""
    moments = [lead.told_at for lead in source.recent_leads]  # type: ignore[attr-defined]
    gap, now = usual_gap(moments), now or timezone.now()
    return Health(source, _state(source, gap, now), gap, now)


def _state(source: Source, gap: timedelta | None, now: datetime) -> str:
    if not source.is_active:
        return PAUSED
    if source.failures:
        return WALLED if reasons.words(source.error).wall else FAILING
    if source.worked_at is None:
        return NEW
    quiet_since = source.found_at or source.created_at
    patience = max(LEAST_SILENCE, (gap or timedelta()) * USUAL_GAPS)
    return SILENT if now - quiet_since > patience else OK


def usual_gap(moments: list[datetime]) -> timedelta | None:
    """The median of the pauses between the newest leads; None where there are too few to have a habit."""
    newest = sorted(moments, reverse=True)[: GAPS + 1]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    return timedelta(seconds=median(gaps)) if len(gaps) >= 2 else None
