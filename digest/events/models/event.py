"""An Event: one stop of a tour, with its date, its place, its seats and the line of those who want one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from digest.events.wording import one_line

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
SEATS_AT_MOST = 100_000
QUIET = timedelta(minutes=10)  # several corrections in a row are one mail
# Only digest/events/signup.py writes these, under the row lock; saving an event never does (a page that an editor
# opened an hour ago would put old figures back).
COUNTERS = {"taken", "last_number"}
# A change of one of these concerns whoever signed up: SEQUENCE goes up (RFC 5545, 3.8.7.4) and a mail is owed.
ANNOUNCED = ("city", "starts_at", "ends_at", "venue", "address", "is_called_off")


class EventQuerySet(models.QuerySet["Event"]):
    def dated(self) -> "EventQuerySet":
        return self.filter(starts_at__isnull=False)

    def with_free_seats_and_a_line(self) -> "EventQuerySet":
        """Stops where somebody waits although a seat is free: seats were added, or a worker died in between."""
        free = Q(seats=None) | Q(taken__lt=F("seats"))
        ahead = self.filter(starts_at__gt=Now()).exclude(state=Event.State.CANCELLED)
        return ahead.filter(free, signups__state="waiting").distinct()

    def changed_and_quiet(self) -> "EventQuerySet":
        """Stops whose date or place changed, once the editor has left them alone for a while."""
        return self.filter(sequence__gt=F("announced_sequence"), changed_at__lte=Now() - QUIET)

    def lock(self) -> list[int]:
        """Hold the rows until the transaction ends; sign-ups and cancellations of these stops wait."""
        rows = Event.objects.filter(pk__in=list(self.values_list("pk", flat=True)))  # self may be grouped, as in a list
        return list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            self.lock()
            return super().delete()


class Event(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("接受报名")
        CLOSED = "closed", _("停止报名")
        CANCELLED = "cancelled", _("活动取消")

    tour = models.ForeignKey("events.Tour", models.CASCADE, related_name="events", verbose_name=_("巡回培训"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    city = models.CharField(_("城市"), max_length=50)
    city_en = models.CharField(_("城市（英文）"), max_length=50, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    starts_at = models.DateTimeField(_("开始"), null=True, blank=True, help_text=_("不填为“待定”，可登记意向"))
    ends_at = models.DateTimeField(_("结束"), null=True, blank=True)
    venue = models.CharField(_("场地"), max_length=100, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    seats = models.PositiveIntegerField(
        _("座位数"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(SEATS_AT_MOST)],
        help_text=_("不填为不限；调少不会取消已有的报名，调多会按顺序递补"),
    )
    audience = models.TextField(_("适合谁"), blank=True, max_length=5000, help_text=_("可用 Markdown"))
    prepare = models.TextField(_("提前准备"), blank=True, max_length=5000, help_text=_("可用 Markdown"))
    bring = models.TextField(_("当天携带"), blank=True, max_length=5000, help_text=_("可用 Markdown"))
    taken = models.PositiveIntegerField(_("已占座位"), default=0, editable=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)  # the number of the last sign-up
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    announced_sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = pgettext_lazy("plural", "活动")
        ordering = ["tour", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0), name="event_taken_not_negative"),
            models.CheckConstraint(condition=Q(taken__lte=F("last_number")), name="event_taken_within_numbers"),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="event_ends_after"),
        ]

    def __str__(self) -> str:
        return f"{self.tour.name} · {self.city_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store what an editor may change, never the counters; count up `sequence` where people should be told."""
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            stored = Event.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
            if stored and any(getattr(stored, name) != getattr(self, name) for name in ANNOUNCED):
                self.sequence = stored.sequence + 1
            if kwargs.get("update_fields") is None:
                kwargs["update_fields"] = self._kept_fields()
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            Event.objects.filter(pk=self.pk).lock()
            return super().delete(*args, **kwargs)

    def clean(self) -> None:
        for name in ("city", "city_en", "venue", "address"):
            setattr(self, name, one_line(getattr(self, name)))
        if not self.city:
            raise ValidationError({"city": _("请填写城市。")})
        for name in ("starts_at", "ends_at"):
            moment = getattr(self, name)
            if moment and not EARLIEST <= moment < LATEST:
                raise ValidationError({name: _("年份要在 2000 到 2099 之间。")})
        if self.ends_at and not (self.starts_at and self.starts_at < self.ends_at):
            raise ValidationError({"ends_at": _("结束要晚于开始。")})

    def _kept_fields(self) -> list[str]:
        apart = COUNTERS | {"announced_sequence"}
        return [field.name for field in self._meta.concrete_fields if not field.primary_key and field.name not in apart]

    @property
    def city_name(self) -> str:
        return self.city_en if self.city_en and (get_language() or "").startswith("en") else self.city

    @property
    def is_called_off(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_over(self) -> bool:
        """Signing up ends when the training starts."""
        return self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def takes_signups(self) -> bool:
        return self.state == self.State.OPEN and not self.is_over

    @property
    def free_seats(self) -> int | None:
        """How many seats are free; None where there is no limit."""
        return None if self.seats is None else max(self.seats - self.taken, 0)

    @property
    def waiting_count(self) -> int:
        return self.signups.filter(state="waiting").count()
