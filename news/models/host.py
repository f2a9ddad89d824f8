"""A Host and whose turn it is: one request at a time, and a pause between two, across all workers."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from news.liveness import has_lost_its_holder, this_backend

WALLS = 3  # in a row close a host: for an hour, and for twice as long with each further one
WALLED, WALLED_LONGEST = timedelta(hours=1), timedelta(hours=24)


class HostQuerySet(models.QuerySet["Host"]):
    def free(self) -> "HostQuerySet":
        return self.filter(next_at__lte=Now(), busy_until__lte=Now())

    def taken(self) -> "HostQuerySet":
        return self.filter(models.Q(next_at__gt=Now()) | models.Q(busy_until__gt=Now()))

    def closed(self) -> "HostQuerySet":
        """Those that the breaker keeps shut: too many walls in a row."""
        return self.filter(walls__gte=WALLS, next_at__gt=Now())

    def take_turn(self, name: str, seconds: float) -> bool:
        """Keep the host for `seconds` at most; False where it is another's turn or the pause is not over.

        Who dies in its turn gives nothing back: `free_the_dead` does, or the host is busy for the pace as well.
        """
        Host.objects.bulk_create([Host(name=name)], ignore_conflicts=True)
        longest = _after(_pace() + models.Value(float(seconds)))
        return bool(self.filter(name=name).free().update(busy_until=longest, holder=this_backend()))

    def free_the_dead(self) -> None:
        """End the turns of killed workers. The pace counts from now: their last requests may be under way."""
        dead = self.filter(has_lost_its_holder("news_host.holder"), busy_until__gt=Now())
        dead.update(busy_until=Now(), next_at=Greatest("next_at", _after(_pace())))

    def rest(self, name: str) -> timedelta:
        """How long until it is worth asking for the turn again; at least a second."""
        host = self.filter(name=name).first()
        if host is None:
            return timedelta(seconds=1)
        turn = host.seconds_between if host.busy_until > timezone.now() else 0  # the other's turn ends at any moment
        return max(host.next_at - timezone.now(), timedelta(seconds=max(turn, 1)))

    def give_back(self, name: str, pause: float | None = None) -> None:
        """End the turn. The next one comes after the pace, or after `pause` seconds (a Retry-After) where longer."""
        wait = _after(Greatest(_pace(), models.Value(float(pause or 0))))
        self.filter(name=name).update(busy_until=Now(), next_at=Greatest("next_at", wait))

    def release(self, name: str) -> None:
        """End a turn in which nothing was asked."""
        self.filter(name=name).update(busy_until=Now())

    def saw_page(self, name: str) -> None:
        self.filter(name=name, walls__gt=0).update(walls=0)

    def saw_wall(self, name: str) -> None:
        """After three walls in a row the host is left alone for an hour, longer with every further one (P14)."""
        self.filter(name=name).update(walls=models.F("walls") + 1)
        for walls in self.filter(name=name, walls__gte=WALLS).values_list("walls", flat=True):
            self.leave_alone(name, min(WALLED * 2 ** min(walls - WALLS, 10), WALLED_LONGEST))

    def reopen(self) -> int:
        """Let those be asked again that walls closed. The walls stay counted: one more closes the host for longer."""
        return self.closed().update(next_at=_after(_pace()))

    def leave_alone(self, name: str, wait: timedelta) -> None:
        """Nobody asks the host for so long, whoever's turn it is."""
        self.filter(name=name).update(next_at=Greatest("next_at", Now() + wait))


def _pace() -> Greatest:
    """Seconds between two requests: the host's own pace or CRAWL_PACE, and never less than its robots.txt asks for."""
    return Greatest(Coalesce("pace", models.Value(settings.CRAWL_PACE)), "robots_delay")


def _after(seconds: Any) -> "models.ExpressionWrapper[Any]":
    return models.ExpressionWrapper(Now() + seconds * models.Value(timedelta(seconds=1)), models.DateTimeField())


class Host(models.Model):
    name = models.CharField(_("主机"), max_length=255, unique=True)
    next_at = models.DateTimeField(_("下次可访问"), db_default=Now())
    busy_until = models.DateTimeField(_("占用至"), db_default=Now())
    holder = models.CharField(max_length=40, blank=True, db_default="", editable=False)  # see news/liveness.py
    walls = models.PositiveIntegerField(_("连续被拦次数"), default=0)
    pace = models.FloatField(_("两次访问的最小间隔（秒）"), null=True, blank=True)  # null: CRAWL_PACE
    # What its robots.txt said: the HTTP status (0: no answer), the text, and when.
    robots_status = models.PositiveSmallIntegerField(default=0, editable=False)
    robots_text = models.TextField(default="", blank=True, editable=False)
    robots_at = models.DateTimeField(_("robots.txt 读取时间"), null=True, blank=True)
    robots_delay = models.FloatField(_("robots.txt 要求的间隔（秒）"), db_default=0.0, editable=False)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("主机")
        verbose_name_plural = pgettext_lazy("plural", "主机")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def seconds_between(self) -> float:
        return max(settings.CRAWL_PACE if self.pace is None else self.pace, self.robots_delay)

    @property
    def closed_until(self) -> datetime | None:
        """When the breaker opens again; None where it is open."""
        return self.next_at if self.walls >= WALLS and self.next_at > timezone.now() else None
