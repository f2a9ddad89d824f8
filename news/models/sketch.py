"""A Sketch: the few hashed shingles by which an article is found again among all others; copies have none."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from news.models.article import Article


class Sketch(models.Model):
    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="sketch", verbose_name=_("文章")
    )
    keys = ArrayField(models.IntegerField())  # news/stories/sketch.py

    class Meta:
        verbose_name = _("正文指印")
        verbose_name_plural = pgettext_lazy("plural", "正文指印")
        indexes = [
            # Written at once: a list of pending entries would be read through by every article that is filed.
            GinIndex(fields=["keys"], name="sketch_keys", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {len(self.keys)}"
