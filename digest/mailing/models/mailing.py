"""A Mailing: the sending of one briefing, with the version that everybody gets and the day its audience was fixed."""

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class MailingQuerySet(models.QuerySet["Mailing"]):
    def with_counts(self) -> "MailingQuerySet":
        """Each with `counted`, a number a state, however many mailings are listed."""
        states = ("pending", "claimed", "committing", "sent", "failed", "unknown", "skipped")
        return self.annotate(
            **{f"n_{state}": Count("deliveries", filter=models.Q(deliveries__state=state)) for state in states}
        )


class Mailing(models.Model):
    class State(models.TextChoices):
        HELD = "held", _("待放行")  # nothing leaves until an editor presses Send
        RUNNING = "running", _("发送中")
        PAUSED = "paused", _("已暂停")
        DOUBTFUL = "doubtful", _("待核对")  # nothing is left to send, but a person must settle unknown deliveries
        FINISHED = "finished", _("已完成")

    briefing = models.OneToOneField(
        "briefings.Briefing", models.CASCADE, related_name="mailing", verbose_name=_("简报")
    )
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.RUNNING, db_index=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    issue = models.JSONField(editable=False)  # the frozen issue (freeze.py); edits made later do not reach it
    started_at = models.DateTimeField(_("名单确定时间"), null=True, blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("群发")
        verbose_name_plural = pgettext_lazy("plural", "群发")
        ordering = ["-briefing__date"]
        permissions = [("send_mailing", "群发：寄出、暂停、继续、重寄"), ("view_outbox", "读发件箱里的信")]

    def __str__(self) -> str:
        number = self.issue.get("number", self.pk)
        return gettext("%(name)s %(number)s 期") % {"name": settings.SITE_NAME, "number": number}
