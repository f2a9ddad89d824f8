"""How many letters this database has let out, and the holds that stop all mail until a person releases them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digest.allowance import AbstractAllowance


class MailSequence(models.Model):
    """One row: which database this is, and the number of the last letter that left."""

    ONLY = 1

    instance = models.UUIDField(default=uuid.uuid4, editable=False)
    letters = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "mail sequence"
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_mail_sequence")]

    def __str__(self) -> str:
        return f"{self.instance} {self.letters}"


class MailHold(models.Model):
    """While one is not released no letter leaves. Its number also stands in the record of the machine that found it."""

    class Reason(models.TextChoices):
        BEHIND = "behind", _("数据库比本机的寄信记录旧，像是恢复的备份")
        OTHER = "other", _("本机的寄信记录属于另一个数据库")
        NO_RECORD = "no_record", _("数据库寄过信，本机却没有寄信记录")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reason = models.CharField(_("原因"), max_length=10, choices=Reason, editable=False)
    machine = models.CharField(_("机器"), max_length=100, editable=False)
    letters = models.PositiveBigIntegerField(_("数据库记得的封数"), editable=False)
    letters_recorded = models.PositiveBigIntegerField(_("本机记录的封数"), null=True, editable=False)
    found_at = models.DateTimeField(_("发现时间"), auto_now_add=True)
    released_at = models.DateTimeField(_("放行时间"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("放行人")
    )

    class Meta:
        verbose_name = _("邮件停寄")
        verbose_name_plural = pgettext_lazy("plural", "邮件停寄")
        ordering = ["-found_at"]
        default_permissions = ("view",)
        permissions = [("release_mail", _("放行停寄的邮件"))]

    def __str__(self) -> str:
        return f"{self.found_at:%Y-%m-%d %H:%M} {self.machine}"

    @property
    def missing(self) -> int | None:
        """How many letters left that this database does not know of; None where nobody can tell."""
        if self.reason != self.Reason.BEHIND or self.letters_recorded is None:
            return None
        return self.letters_recorded - self.letters


class Allowance(AbstractAllowance):
    class Meta:
        verbose_name = "allowance"
        default_permissions = ()
