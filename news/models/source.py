"""Where links come from: a Source, and each Lead that it pointed at."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INBOX, TIPS = "inbox", "tips"
BOXES = (INBOX, TIPS)  # kinds that people drop links into: nothing there to watch


class SourceQuerySet(models.QuerySet["Source"]):
    def due(self) -> "SourceQuerySet":
        """Those that are watched, whose time has come and that nobody asks just now."""
        return self.filter(is_active=True, next_at__lte=Now(), leased_until__lte=Now()).exclude(kind__in=BOXES)


class Source(models.Model):
    """A place that is watched, or a box that links are dropped into."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    kind = models.CharField(_("类型"), max_length=20)  # news.sources.KINDS: a new one needs no migration
    address = models.CharField(_("地址"), max_length=2000, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    # How it is watched.
    cadence = models.DurationField(_("查看间隔"), default=timedelta(hours=1))
    options = models.JSONField(_("选项"), default=dict, blank=True)  # what its kind asks for, e.g. a CSS selector
    next_at = models.DateTimeField(_("下次查看"), db_default=Now())
    leased_until = models.DateTimeField(_("占用至"), db_default=Now())
    lease = models.CharField(_("占用者"), max_length=40, blank=True)
    etag = models.CharField(max_length=512, blank=True)
    modified = models.CharField(max_length=512, blank=True)

    # How it fares.
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    error = models.TextField(_("最近一次错误"), blank=True)  # a code of a closed list, a colon, the detail
    tried_at = models.DateTimeField(_("上次查看"), null=True, blank=True)
    worked_at = models.DateTimeField(_("上次成功"), null=True, blank=True)
    found_at = models.DateTimeField(_("上次有新文章"), null=True, blank=True)
    alerted_at = models.DateTimeField(_("上次提醒"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("来源")
        verbose_name_plural = pgettext_lazy("plural", "来源")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def inbox(cls) -> "Source":
        """The first of the boxes, made where there is none."""
        made = cls.objects.filter(kind=INBOX, is_sample=False).order_by("pk").first()
        return made or cls.objects.get_or_create(kind=INBOX, is_sample=False, defaults={"name": "链接收件箱"})[0]

    @classmethod
    def tips(cls) -> "Source":
        """Where the links come from that readers recommend."""
        return cls.objects.get_or_create(kind=TIPS, defaults={"name": "荐稿"})[0]


class Lead(models.Model):
    """A URL that a source pointed at, as it was spelled there."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="leads", verbose_name=_("来源"))
    article = models.ForeignKey("news.Article", models.CASCADE, related_name="leads", verbose_name=_("文章"))
    url = models.CharField(_("原样链接"), max_length=4000)
    title = models.CharField(_("来源给出的标题"), max_length=500, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)  # of who dropped it
    published_at = models.DateTimeField(_("来源给出的时间"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("添加人")
    )
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("线索")
        verbose_name_plural = pgettext_lazy("plural", "线索")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["source", "article", "url"], name="one_lead_a_spelling")]

    def __str__(self) -> str:
        return self.url
