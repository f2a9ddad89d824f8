"""An Item: a numbered entry of a briefing."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digest.briefings.models.item_name import ItemName


class ItemQuerySet(models.QuerySet["Item"]):
    def published(self) -> "ItemQuerySet":
        return self.filter(briefing__published_at__isnull=False)

    def for_reading(self) -> "ItemQuerySet":
        """With everything that a page shows, in four queries however many items."""
        named = models.Prefetch("named", ItemName.objects.shown())
        return self.select_related("briefing", "watch").prefetch_related("topics", "pictures", named)

    def to_watch(self) -> "ItemQuerySet":
        """What readers may click on: published, with a link, and no sample (a sample's address is made up)."""
        return self.published().exclude(url="").exclude(briefing__is_sample=True).exclude(article__is_sample=True)


class Item(models.Model):
    briefing = models.ForeignKey("briefings.Briefing", models.CASCADE, related_name="items", verbose_name=_("简报"))
    position = models.PositiveSmallIntegerField(_("序号"))
    headline = models.CharField(_("标题"), max_length=300)
    text = models.TextField(_("摘要"), blank=True, help_text=_("Markdown：段落、列表（- 开头）、引用（> 开头）"))
    url = models.CharField(
        _("原文链接"), max_length=2000, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    source_name = models.CharField(_("来源名称"), max_length=200, blank=True)
    notice = models.CharField(_("转载说明"), max_length=300, blank=True)
    # An item may have no article: an editor wrote it.
    article = models.ForeignKey(
        "news.Article", models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("文章")
    )
    # Set once the item is public: how its link fares (links.py).
    watch = models.ForeignKey(
        "news.Watch", models.SET_NULL, null=True, blank=True, editable=False, related_name="items"
    )
    # The address that was printed first, where an editor has put another in its place.
    replaced_url = models.CharField(_("换源前的链接"), max_length=2000, blank=True, editable=False)
    topics = models.ManyToManyField("news.Topic", blank=True, related_name="items", verbose_name=_("主题"))
    # Those that its text shows: `item_pictures.note` sets them whenever the text is saved.
    pictures = models.ManyToManyField("news.Picture", blank=True, editable=False, related_name="items")
    is_machine_made = models.BooleanField(
        _("机器生成"), default=False, help_text=_("摘要由程序生成；人工改写后自动取消")
    )
    machine_text = models.TextField(editable=False, blank=True)  # what the machine wrote stays on record
    search = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("条目")
        verbose_name_plural = pgettext_lazy("plural", "条目")
        ordering = ["briefing", "position", "id"]
        indexes = [GinIndex(fields=["search"], name="item_search")]

    def __str__(self) -> str:
        return f"{self.position}. {self.headline}"

    def get_absolute_url(self) -> str:
        return reverse("item", args=[self.pk])
