"""A Host and whose turn it is: one request at a time, and a pause between two, across all workers."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WALLS, WALLED = 3, timedelta(hours=1)


class HostQuerySet(models.QuerySet["Host"]):
    def free(self) -> "HostQuerySet":
        return self.filter(next_at__lte=Now(), busy_until__lte=Now())

    def taken(self) -> "HostQuerySet":
        return self.filter(models.Q(next_at__gt=Now()) | models.Q(busy_until__gt=Now()))

    def take_turn(self, name: str, seconds: float) -> bool:
        """Keep the host for `seconds` at most; False where it is another's turn or the pause is not over."""
        Host.objects.bulk_create([Host(name=name)], ignore_conflicts=True)
        return bool(self.filter(name=name).free().update(busy_until=Now() + timedelta(seconds=seconds)))

    def rest(self, name: str) -> timedelta:
        """How long until the host may be asked again; at least a second."""
        host = self.filter(name=name).first()
        free_at = max(host.next_at, host.busy_until) if host else timezone.now()
        return max(free_at - timezone.now(), timedelta(seconds=1))

    def give_back(self, name: str, pause: float | None = None) -> None:
        """End the turn. The next one comes after the pace, or after `pause` seconds (a Retry-After) where longer."""
        pace = Coalesce("pace", models.Value(settings.CRAWL_PACE))
        wait = Greatest(pace, models.Value(float(pause or 0))) * models.Value(timedelta(seconds=1))
        self.filter(name=name).update(
            busy_until=Now(), next_at=models.ExpressionWrapper(Now() + wait, models.DateTimeField())
        )

    def release(self, name: str) -> None:
        """End a turn in which nothing was asked."""
        self.filter(name=name).update(busy_until=Now())

    def saw_page(self, name: str) -> None:
        self.filter(name=name, walls__gt=0).update(walls=0)

    def saw_wall(self, name: str) -> None:
        """After three walls in a row the host is left alone for an hour (P14)."""
        self.filter(name=name).update(walls=models.F("walls") + 1)
        self.filter(name=name, walls__gte=WALLS).update(next_at=Now() + WALLED)


class Host(models.Model):
    name = models.CharField(_("主机"), max_length=255, unique=True)
    next_at = models.DateTimeField(_("下次可访问"), db_default=Now())
    busy_until = models.DateTimeField(_("占用至"), db_default=Now())
    walls = models.PositiveIntegerField(_("连续被拦次数"), default=0)
    pace = models.FloatField(_("两次访问的最小间隔（秒）"), null=True, blank=True)  # null: CRAWL_PACE
    # What its robots.txt said: the HTTP status (0: no answer), the text, and when.
    robots_status = models.PositiveSmallIntegerField(default=0, editable=False)
    robots_text = models.TextField(default="", blank=True, editable=False)
    robots_at = models.DateTimeField(_("robots.txt 读取时间"), null=True, blank=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("主机")
        verbose_name_plural = pgettext_lazy("plural", "主机")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
