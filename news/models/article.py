"""An Article: one page, fetched and read; and the Snapshots of what arrived."""

import hashlib
import zlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import MD5, Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from news.models.host import Host
from news.models.source import BOXES


class Stage(models.TextChoices):
    """How far an article has come; `news/pipeline.py` knows the order."""

    FOUND = "found", _("待抓取")
    FETCHED = "fetched", _("已抓取")
    READ = "read", _("已提取")
    EMBEDDED = "embedded", _("已向量化")
    FILED = "filed", _("已归类")
    SUMMARISED = "summarised", _("已摘要")
    DROPPED = "dropped", _("未收录")


class PageState(models.TextChoices):
    """What a page turned out to be; `news/extract` decides."""

    OK = "ok", _("正常")
    DELETED = "deleted", _("已被作者删除")
    VIOLATION = "violation", _("因违规无法查看")
    UNAVAILABLE = "unavailable", _("暂时无法查看")
    BLOCKED = "blocked", _("被验证页拦住")
    TEMPORARY_EXPIRED = "temporary_expired", _("临时链接已过期")
    BAD_REQUEST = "bad_request", _("链接参数错误")
    PAID = "paid", _("付费文章")
    MOVED = "moved", _("帐号已迁移")


class DropReason(models.TextChoices):
    """Why an article goes no further. Closed: every reason has its next step for a person in the admin."""

    DELETED = "deleted", _("原文已被作者删除")
    VIOLATION = "violation", _("原文因违规无法查看")
    UNAVAILABLE = "unavailable", _("原文暂时无法查看")
    BLOCKED = "blocked", _("网站要求验证")
    TEMPORARY_EXPIRED = "temporary_expired", _("临时链接已过期")
    BAD_REQUEST = "bad_request", _("链接不完整")
    PAID = "paid", _("付费内容")
    MOVED = "moved", _("已转到新地址")  # of an account that moved, or of a short link
    REFUSED = "refused", _("地址不允许访问")
    NOT_FOUND = "not_found", _("页面不存在")
    UNREACHABLE = "unreachable", _("多次尝试仍无法访问")
    UNREADABLE = "unreadable", _("页面无法解析")
    EMPTY = "empty", _("正文为空")
    BOILERPLATE = "boilerplate", _("多个链接是同一段套话")
    ROBOTS = "robots", _("网站不让程序访问")
    FAILED = "failed", _("处理多次出错")
    BY_EDITOR = "by_editor", _("编辑舍弃")


class ArticleQuerySet(models.QuerySet["Article"]):
    def waiting(self, stage: str) -> "ArticleQuerySet":
        """Those at `stage` that nobody works on and whose time has come."""
        return self.filter(stage=stage, due_at__lte=Now(), leased_until__lte=Now())

    def usable(self) -> "ArticleQuerySet":
        """Read to the end: an editor may choose them."""
        return self.filter(stage=Stage.SUMMARISED)

    def to_retry(self) -> "ArticleQuerySet":
        """Dropped ones that are tried again by themselves, and now; not while a breaker keeps their host shut."""
        return self.filter(stage=Stage.DROPPED, retry_at__lte=Now()).exclude(
            host__in=Host.objects.closed().values("name")
        )

    def same_stub(self, host: str, account: str, text: str) -> "ArticleQuerySet":
        """Those of one host and account with this very text."""
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return self.alias(digest=MD5("text")).filter(digest=digest, host=host, account=account)

    def candidates(self) -> "ArticleQuerySet":
        """What a briefing may be composed of: usable, and no copy of another."""
        return self.usable().filter(duplicate_of=None)


class Article(models.Model):
    canonical_url = models.CharField(_("规范链接"), max_length=2000, unique=True)
    url = models.CharField(_("抓取链接"), max_length=2000)
    host = models.CharField(_("主机"), max_length=255, db_index=True)

    stage = models.CharField(_("阶段"), max_length=12, choices=Stage, default=Stage.FOUND)
    drop_reason = models.CharField(_("未收录原因"), max_length=20, choices=DropReason, blank=True)
    due_at = models.DateTimeField(_("最早处理时间"), db_default=Now())
    leased_until = models.DateTimeField(_("占用至"), db_default=Now())
    lease = models.CharField(_("占用者"), max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(_("本阶段尝试次数"), default=0)
    error = models.TextField(_("最近一次错误"), blank=True)
    # Of a dropped article: when it is tried again by itself, and how often it already was.
    retry_at = models.DateTimeField(_("自动重试时间"), null=True, blank=True)
    retries = models.PositiveSmallIntegerField(_("已自动重试次数"), default=0)

    state = models.CharField(_("页面状态"), max_length=20, choices=PageState, blank=True)
    state_reason = models.TextField(_("页面提示"), blank=True)
    site = models.CharField(_("站点"), max_length=20, blank=True)
    kind = models.CharField(_("体裁"), max_length=20, blank=True)
    title = models.CharField(_("标题"), max_length=500, blank=True)
    account = models.CharField(_("帐号"), max_length=200, blank=True)
    byline = models.CharField(_("作者"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    is_original = models.BooleanField(_("原创"), null=True)
    source_url = models.CharField(_("转载来源"), max_length=2000, blank=True)
    html = models.TextField(_("正文 HTML"), blank=True)
    text = models.TextField(_("正文"), blank=True)
    text_hash = models.CharField(_("正文指纹"), max_length=64, blank=True, db_index=True)
    image_count = models.PositiveIntegerField(_("图片数"), default=0)

    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("重复于")
    )
    duplicate_why = models.CharField(_("重复依据"), max_length=200, blank=True)
    story = models.ForeignKey(
        "news.Story", models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("事件")
    )
    topics = models.ManyToManyField(
        "news.Topic", through="news.ArticleTopic", related_name="articles", verbose_name=_("主题")
    )
    search = SearchVectorField(null=True, editable=False)
    search_version = models.PositiveSmallIntegerField(editable=False, db_default=0)  # news.search.VERSION of its terms

    is_sample = models.BooleanField(_("示例"), default=False)
    created_at = models.DateTimeField(_("发现时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("变更时间"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("文章")
        verbose_name_plural = pgettext_lazy("plural", "文章")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["stage", "due_at", "leased_until"], name="article_waiting"),
            models.Index(fields=["published_at"], name="article_published"),
            models.Index(fields=["retry_at"], name="article_retry", condition=models.Q(retry_at__isnull=False)),
            models.Index(fields=["account", "-id"], name="article_account"),  # its last ones: what it repeats
            models.Index(MD5("text"), name="article_same_text"),
            GinIndex(fields=["search"], name="article_search"),
            models.Index(Coalesce("published_at", "created_at"), name="article_moment"),
            models.Index(
                fields=["search_version"],
                name="article_search_version",
                condition=models.Q(search__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="dropped_has_a_reason",
                condition=models.Q(stage=Stage.DROPPED, drop_reason__gt="")
                | (~models.Q(stage=Stage.DROPPED) & models.Q(drop_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.canonical_url

    @property
    def source_name(self) -> str:
        return self.account or self.host

    @property
    def asked_by_person(self) -> bool:
        """Whether somebody handed us this link, or only a machine came upon it: robots.txt speaks to machines."""
        leads = self.leads.values_list("source__kind", "added_by")
        return not leads or any(kind in BOXES or by for kind, by in leads)

    def retry(self, after: timedelta = timedelta()) -> None:
        """Send the article back to the beginning, as an editor's button does; what was read before stays."""
        self._to_the_beginning(Article.objects.all(), attempts=0, retries=0, error="", due_at=timezone.now() + after)

    def retry_by_itself(self, attempts: int) -> bool:
        """The same when its `retry_at` has come, with so many tries counted as made; False where another was first."""
        still = Article.objects.filter(stage=Stage.DROPPED, retry_at=self.retry_at)
        return self._to_the_beginning(still, attempts=attempts, retries=self.retries + 1, due_at=Now())

    def _to_the_beginning(self, among: ArticleQuerySet, **columns: Any) -> bool:
        host = urlsplit(self.canonical_url).hostname or ""
        start = {"url": self.canonical_url, "host": host, "stage": Stage.FOUND, "drop_reason": "", "retry_at": None}
        return bool(among.filter(pk=self.pk).update(**start, leased_until=Now(), lease="", **columns))


class Origin(models.TextChoices):
    """How a page came to us."""

    CRAWL = "crawl", _("抓取")
    HAND = "hand", _("人工交稿")
    FEED = "feed", _("订阅源全文")


class Snapshot(models.Model):
    """What arrived, compressed, for the editors only: never served as a page."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="snapshots", verbose_name=_("文章"))
    fetched_at = models.DateTimeField(_("抓取时间"), auto_now_add=True)
    url = models.CharField(_("最终地址"), max_length=4000)
    status = models.PositiveSmallIntegerField(_("HTTP 状态"))
    content_type = models.CharField(_("类型"), max_length=200, blank=True)
    headers = models.JSONField(_("响应头"), default=dict)
    packed = models.BinaryField(_("压缩内容"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("页面状态"), max_length=20, choices=PageState, blank=True)
    origin = models.CharField(_("来路"), max_length=8, choices=Origin, default=Origin.CRAWL)
    text_hash = models.CharField(max_length=64, blank=True)  # of what a reader reads; equal: the page did not change
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("交稿人")
    )

    class Meta:
        verbose_name = _("快照")
        verbose_name_plural = pgettext_lazy("plural", "快照")
        ordering = ["-fetched_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["article", "sha256"], name="one_snapshot_a_content")]

    def __str__(self) -> str:
        return f"{self.fetched_at:%Y-%m-%d %H:%M} {self.url}"

    @property
    def body(self) -> bytes:
        return zlib.decompress(bytes(self.packed))
