"""A Tip: a link that a reader recommends. Nothing is fetched before an editor has said yes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Tip(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("待审")
        TAKEN = "taken", _("已采用")
        DECLINED = "declined", _("未采用")

    canonical_url = models.CharField(_("链接"), max_length=2000, unique=True)
    url = models.CharField(_("原样链接"), max_length=4000)
    note = models.CharField(_("推荐理由"), max_length=500, blank=True)
    name = models.CharField(_("推荐人"), max_length=60, blank=True)
    times = models.PositiveIntegerField(_("推荐次数"), default=1)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.WAITING)
    article = models.ForeignKey(
        "news.Article", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("文章")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("审稿人")
    )
    decided_at = models.DateTimeField(_("审稿时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("收到时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("荐稿")
        verbose_name_plural = pgettext_lazy("plural", "荐稿")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.canonical_url
