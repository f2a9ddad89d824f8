"""A Watch: a link that was published, asked for again every night, and what became of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LinkState(models.TextChoices):
    """How a published link fares. Only the states of GONE are told to readers."""

    UNKNOWN = "unknown", _("尚未检查")
    OK = "ok", _("正常")
    CHANGED = "changed", _("原文有改动")
    BLOCKED = "blocked", _("被验证页拦住，未能确认")
    UNREACHABLE = "unreachable", _("暂时连不上")
    DELETED = "deleted", _("原文已被作者删除")
    VIOLATION = "violation", _("原文因违规无法查看")
    EXPIRED = "expired", _("临时链接已过期")
    NOT_FOUND = "not_found", _("页面不存在")
    MOVED = "moved", _("帐号已迁移")


GONE = (LinkState.DELETED, LinkState.VIOLATION, LinkState.EXPIRED, LinkState.NOT_FOUND)


class WatchQuerySet(models.QuerySet["Watch"]):
    def due(self) -> "WatchQuerySet":
        return self.filter(is_active=True, next_at__lte=Now(), leased_until__lte=Now()).order_by("next_at", "pk")

    def gone(self) -> "WatchQuerySet":
        """Those that are said to be gone, and were so when asked again."""
        return self.filter(state__in=GONE, is_confirmed=True)


class Watch(models.Model):
    url = models.CharField(_("链接"), max_length=2000, unique=True)  # canonical
    host = models.CharField(_("主机"), max_length=255)
    article = models.ForeignKey(
        "news.Article", models.SET_NULL, null=True, blank=True, related_name="watches", verbose_name=_("文章")
    )
    is_active = models.BooleanField(_("检查"), default=True)
    # The newest issue that points here: an old one's link is asked for less often (news/watching.py).
    published_at = models.DateTimeField(_("最近刊登"), db_default=Now())
    state = models.CharField(_("状态"), max_length=12, choices=LinkState, default=LinkState.UNKNOWN)
    is_confirmed = models.BooleanField(_("已再次确认"), default=False)
    reason = models.CharField(_("页面提示"), max_length=300, blank=True)
    moved_to = models.CharField(_("新地址"), max_length=2000, blank=True)  # of an account that moved
    since = models.DateTimeField(_("此状态始于"), null=True, blank=True)
    checked_at = models.DateTimeField(_("上次检查"), null=True, blank=True)
    next_at = models.DateTimeField(_("下次检查"), db_default=Now())
    leased_until = models.DateTimeField(_("占用至"), db_default=Now())
    failures = models.PositiveSmallIntegerField(_("连续失败次数"), default=0)
    text_hash = models.CharField(max_length=64, blank=True)  # of the text when it was last read

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("已发布链接")
        verbose_name_plural = pgettext_lazy("plural", "已发布链接")
        ordering = ["-checked_at", "pk"]
        indexes = [models.Index(fields=["next_at", "leased_until"], name="watch_waiting")]

    def __str__(self) -> str:
        return self.url

    @property
    def is_gone(self) -> bool:
        return self.is_confirmed and self.state in GONE
