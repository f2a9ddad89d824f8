"""A Consent: one line of the record of who agreed to what, and when. Lines are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Consent(models.Model):
    class Act(models.TextChoices):
        CONFIRMED = "confirmed", _("确认订阅")
        CHANGED = "changed", _("修改偏好")
        UNSUBSCRIBED = "unsubscribed", _("退订")

    subscriber = models.ForeignKey("mailing.Subscriber", models.CASCADE, related_name="consents")
    act = models.CharField(_("行为"), max_length=12, choices=Act)
    way = models.CharField(_("方式"), max_length=20, blank=True)  # "link", "one-click", "desk"
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("同意记录")
        verbose_name_plural = pgettext_lazy("plural", "同意记录")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_act_display()}"
