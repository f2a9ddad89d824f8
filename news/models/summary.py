"""A Summary: text that one summariser made of one article, with its evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Summary(models.Model):
    article = models.ForeignKey("news.Article", models.CASCADE, related_name="summaries", verbose_name=_("文章"))
    summariser = models.CharField(_("摘要器"), max_length=60)
    text = models.TextField(_("摘要"))
    # [{"sentence": str, "start": int, "end": int}]: offsets into the article's text at `text_hash`
    evidence = models.JSONField(_("依据"), default=list)
    text_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("生成时间"), auto_now=True)

    class Meta:
        verbose_name = _("摘要")
        verbose_name_plural = pgettext_lazy("plural", "摘要")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["article", "summariser"], name="one_summary_a_summariser")]

    def __str__(self) -> str:
        return self.text[:40]
