"""A Story: the articles that tell the same event; one is its best."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Story(models.Model):
    best = models.ForeignKey(
        "news.Article", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("代表文章")
    )
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = pgettext_lazy("plural", "事件")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.best or f"#{self.pk}")
