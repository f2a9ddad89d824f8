"""A Picture: the local copy of an image that an article shows, so that no site's refusal shows to a reader."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PictureState(models.TextChoices):
    WAITING = "waiting", _("待取")
    OK = "ok", _("已存")
    FAILED = "failed", _("取不到")


class PictureQuerySet(models.QuerySet["Picture"]):
    def due(self) -> "PictureQuerySet":
        """Those to be fetched now, the ones somebody looked for first."""
        waiting = self.filter(state=PictureState.WAITING, next_at__lte=Now(), leased_until__lte=Now())
        return waiting.order_by(models.F("wanted_at").asc(nulls_last=True), "next_at", "pk")


class Picture(models.Model):
    """One image address that our own sanitiser let through; `key` is what names it in our own addresses."""

    key = models.CharField(max_length=64, unique=True)  # sha256 of the address, in hex
    url = models.CharField(_("地址"), max_length=4000)
    host = models.CharField(_("主机"), max_length=255, db_index=True)
    state = models.CharField(_("状态"), max_length=8, choices=PictureState, default=PictureState.WAITING)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_at = models.DateTimeField(_("最早处理时间"), db_default=Now())
    leased_until = models.DateTimeField(_("占用至"), db_default=Now())
    wanted_at = models.DateTimeField(_("有人要看"), null=True, blank=True)
    file = models.FileField(_("文件"), upload_to="pictures/", max_length=200, blank=True)
    content_type = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)
    size = models.PositiveIntegerField(_("字节数"), default=0)
    fetched_at = models.DateTimeField(_("抓取时间"), null=True, blank=True)
    articles = models.ManyToManyField("news.Article", related_name="pictures", verbose_name=_("文章"))
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("图片")
        verbose_name_plural = pgettext_lazy("plural", "图片")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "next_at"], name="picture_waiting")]

    def __str__(self) -> str:
        return self.url or self.key[:12]
