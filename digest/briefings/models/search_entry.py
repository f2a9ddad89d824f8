"""A SearchEntry: what the search keeps of an item beside its words: its vector, and which items are like it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pgvector.django import VectorField


class SearchEntry(models.Model):
    item = models.OneToOneField("briefings.Item", models.CASCADE, primary_key=True, related_name="search_entry")
    version = models.PositiveSmallIntegerField(default=0)  # news.search.VERSION when its words were written
    text_hash = models.CharField(max_length=64, blank=True)  # of the text that the vector is made of
    model = models.CharField(max_length=200, blank=True)  # whose vector it is; "" until it is made
    vector = VectorField(null=True)
    related = ArrayField(models.BigIntegerField(), null=True)  # items like it, best first; none before the first look
    is_related_due = models.BooleanField(default=False)  # a new item may be among them: look again

    class Meta:
        verbose_name = _("搜索记录")
        verbose_name_plural = pgettext_lazy("plural", "搜索记录")
        indexes = [
            models.Index(fields=["version"], name="search_entry_version"),
            models.Index(fields=["model"], name="search_entry_model"),
            models.Index(fields=["item"], name="search_entry_due", condition=models.Q(is_related_due=True)),
        ]

    def __str__(self) -> str:
        return str(self.item)
