"""A Tour: one training on its way through several cities, announced in briefings."""

from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digest.events.wording import one_line


class TourQuerySet(models.QuerySet["Tour"]):
    def open(self) -> "TourQuerySet":
        return self.filter(is_open=True)

    def for_reading(self) -> "TourQuerySet":
        """With the stops that a page shows, in two queries however many tours."""
        return self.prefetch_related("events")


class Tour(models.Model):
    name = models.CharField(_("名称"), max_length=100)
    slug = models.SlugField(_("网址名"), unique=True, help_text=_("网址里的名字，只用小写字母、数字和连字符"))
    intro = models.TextField(_("介绍"), blank=True, max_length=10_000, help_text=_("可用 Markdown"))
    contact_wechat = models.CharField(_("联系微信"), max_length=50, blank=True)
    contact_note = models.CharField(_("加好友时注明"), max_length=50, blank=True, default="公司+姓名")
    contact_remark = models.CharField(_("联系方式说明"), max_length=200, blank=True)
    briefings = models.ManyToManyField(
        "briefings.Briefing", blank=True, related_name="tours", verbose_name=_("刊登在哪些简报")
    )
    is_open = models.BooleanField(_("公开"), default=True, help_text=_("取消勾选后，页面不再列出，也不再接受报名"))
    is_sample = models.BooleanField(_("示例"), default=False, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = TourQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡回培训")
        verbose_name_plural = pgettext_lazy("plural", "巡回培训")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tour", args=[self.slug])

    def clean(self) -> None:
        self.name = one_line(self.name)
        self.contact_wechat = one_line(self.contact_wechat)

    @property
    def stops(self) -> list[Any]:
        """The stops in the order that the editors gave; of a tour from `for_reading()` without a query."""
        return sorted(self.events.all(), key=lambda event: (event.position, event.pk))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            self.events.all().lock()  # a sign-up under way ends first, so that none is left without its stop
            return super().delete(*args, **kwargs)
