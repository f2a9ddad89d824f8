"""Where links come from: a Source, and each Lead that it pointed at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INBOX = "inbox"


class Source(models.Model):
    """A place that is watched, or a box that links are dropped into."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    kind = models.CharField(_("类型"), max_length=20)  # news.sources.KINDS: a new one needs no migration
    address = models.CharField(_("地址"), max_length=2000, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("来源")
        verbose_name_plural = pgettext_lazy("plural", "来源")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def inbox(cls) -> "Source":
        return cls.objects.get_or_create(kind=INBOX, is_sample=False, defaults={"name": "链接收件箱"})[0]


class Lead(models.Model):
    """A URL that a source pointed at, as it was spelled there."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="leads", verbose_name=_("来源"))
    article = models.ForeignKey("news.Article", models.CASCADE, related_name="leads", verbose_name=_("文章"))
    url = models.CharField(_("原样链接"), max_length=4000)
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
