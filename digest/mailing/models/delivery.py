"""A Delivery: one briefing to one subscriber, written down before it is sent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Delivery(models.Model):
    """pending → claimed → committing → sent; the other ends are failed, skipped and unknown (send.py).

    `committing` is written before the final dot of the letter leaves. A row that a dead worker left in `claimed` was
    never sent; one left in `committing` may have been, so it becomes `unknown` and is never sent again by itself. A row
    whose sender finds the connection dead before the dot goes from `committing` back to `pending`.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("等待")
        CLAIMED = "claimed", _("处理中")
        COMMITTING = "committing", _("交付中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("失败")
        UNKNOWN = "unknown", _("不确定")
        SKIPPED = "skipped", _("跳过")

    mailing = models.ForeignKey("mailing.Mailing", models.CASCADE, related_name="deliveries", verbose_name=_("群发"))
    briefing = models.ForeignKey("briefings.Briefing", models.CASCADE, related_name="+", verbose_name=_("简报"))
    subscriber = models.ForeignKey(
        "mailing.Subscriber", models.CASCADE, related_name="deliveries", verbose_name=_("订阅者")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    due_at = models.DateTimeField(_("下次尝试"), default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)  # by the clock of the database
    worker = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    message_id = models.CharField("Message-ID", max_length=300, blank=True)  # given at the first claim, then kept
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    error = models.CharField(_("原因"), max_length=500, blank=True)
    in_streak = models.BooleanField(default=False, db_default=False, editable=False)  # see streaks.py

    class Meta:
        verbose_name = _("投递")
        verbose_name_plural = pgettext_lazy("plural", "投递")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["briefing", "subscriber"], name="one_delivery_a_reader")]
        indexes = [
            models.Index(fields=["due_at", "id"], name="deliveries_due", condition=Q(state="pending")),
            models.Index(
                fields=["lease_until"], name="deliveries_leased", condition=Q(state__in=["claimed", "committing"])
            ),
            models.Index(fields=["mailing", "state"], name="deliveries_by_state"),
            models.Index(fields=["mailing"], name="deliveries_in_streak", condition=Q(in_streak=True)),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id} → {self.subscriber_id}"
