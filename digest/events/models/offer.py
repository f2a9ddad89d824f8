"""An Offer: somebody who would help to organise, lend a venue or give prizes, and how far the talk has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OfferQuerySet(models.QuerySet["Offer"]):
    def untold(self) -> "OfferQuerySet":
        """Offers that no mail to the editors has named yet."""
        return self.filter(editors_told_at=None)


class Offer(models.Model):
    class Kind(models.TextChoices):
        ORGANISE = "organise", _("协助组织")
        VENUE = "venue", _("提供场地")
        PRIZES = "prizes", _("赞助奖品")

    class State(models.TextChoices):
        NEW = "new", _("新收到")
        TALKED = "talked", _("已联系")
        AGREED = "agreed", _("已谈妥")
        THANKED = "thanked", _("已致谢")
        DECLINED = "declined", pgettext_lazy("offer", "未采用")

    tour = models.ForeignKey("events.Tour", models.CASCADE, related_name="offers", verbose_name=_("巡回培训"))
    kind = models.CharField(_("方式"), max_length=10, choices=Kind)
    state = models.CharField(_("进展"), max_length=10, choices=State, default=State.NEW)
    city = models.CharField(_("城市"), max_length=50)
    name = models.CharField(_("姓名"), max_length=50)
    organisation = models.CharField(_("公司、学校或社区"), max_length=100, blank=True)
    contact = models.CharField(_("联系方式"), max_length=254, help_text=_("邮箱、微信号或电话"))
    message = models.TextField(_("说明"), max_length=2000, blank=True)
    notes = models.TextField(_("编辑备注"), blank=True)
    editors_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("收到时间"), auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("支持意向")
        verbose_name_plural = pgettext_lazy("plural", "支持意向")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["created_at"], condition=models.Q(editors_told_at=None), name="offer_untold")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.city} · {self.name}"
