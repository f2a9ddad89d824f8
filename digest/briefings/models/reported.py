"""Reported: that an article, or a later item, tells what an item already told; and how far the memory has looked."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportedKind(models.TextChoices):
    """How it is known, from certain to likely. All but the last say: the same thing."""

    LINK = "link", _("同一链接")
    COPY = "copy", _("同一文本")
    STORY = "story", _("同一事件")
    SAME = "same", _("讲同一件事")
    FOLLOW_UP = "followup", _("后续")


class ReportedQuerySet(models.QuerySet["Reported"]):
    def standing(self) -> "ReportedQuerySet":
        """Those that no editor has dismissed."""
        return self.filter(dismissed_at=None)

    def same(self) -> "ReportedQuerySet":
        """Those that say that it was printed already: a follow-up is news."""
        return self.standing().exclude(kind=ReportedKind.FOLLOW_UP)

    def certain_first(self) -> "ReportedQuerySet":
        order = {kind: place for place, kind in enumerate(ReportedKind.values)}
        rank = models.Case(*(models.When(kind=kind, then=place) for kind, place in order.items()))
        return self.order_by(rank, "-item__briefing__date", "item__position", "pk")


class Reported(models.Model):
    """Either `article` or `later` tells what `item` told. A dismissed row stays, so that it is never said again."""

    article = models.ForeignKey(
        "news.Article", models.CASCADE, null=True, blank=True, related_name="reported", verbose_name=_("文章")
    )
    later = models.ForeignKey(
        "briefings.Item", models.CASCADE, null=True, blank=True, related_name="earlier", verbose_name=_("后来的条目")
    )
    item = models.ForeignKey(
        "briefings.Item", models.CASCADE, related_name="told_again", verbose_name=_("已刊登的条目")
    )
    kind = models.CharField(_("依据"), max_length=8, choices=ReportedKind)
    score = models.FloatField(_("把握"), default=1.0)
    why = models.CharField(_("为什么"), max_length=200, blank=True)
    added = models.JSONField(_("新增内容"), default=list)  # at most three sentences that the item does not cover
    dismissed_at = models.DateTimeField(_("否定时间"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("否定人")
    )
    created_at = models.DateTimeField(_("发现时间"), auto_now_add=True)

    objects = ReportedQuerySet.as_manager()

    class Meta:
        verbose_name = _("已报道")
        verbose_name_plural = pgettext_lazy("plural", "已报道")
        constraints = [
            models.CheckConstraint(
                name="reported_of_one",
                condition=models.Q(article=None, later__isnull=False) | models.Q(article__isnull=False, later=None),
            ),
            models.UniqueConstraint(
                fields=["article", "item"], name="reported_article_once", condition=models.Q(article__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["later", "item"], name="reported_item_once", condition=models.Q(later__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return _("%(number)s 期第 %(position)s 条已报道") % {
            "number": self.item.briefing.number,
            "position": self.item.position,
        }

    @property
    def is_follow_up(self) -> bool:
        return self.kind == ReportedKind.FOLLOW_UP


class Told(models.Model):
    """An item as the memory knows it; made anew when its issue is saved. Its key goes up: articles look at new ones."""

    item = models.OneToOneField("briefings.Item", models.CASCADE, related_name="told")
    version = models.PositiveIntegerField()  # the issue's, when this was made
    text_hash = models.CharField(max_length=64, db_index=True)  # of its Embedding
    url = models.CharField(max_length=2000, blank=True, db_index=True)  # canonical
    model = models.CharField(max_length=200)  # whose vectors served
    looked = models.BooleanField(default=False)  # compared with every item told before it

    class Meta:
        verbose_name = _("条目的记忆")
        verbose_name_plural = pgettext_lazy("plural", "条目的记忆")
        indexes = [models.Index(fields=["looked"], name="told_waiting", condition=models.Q(looked=False))]

    def __str__(self) -> str:
        return str(self.item)


class Look(models.Model):
    """How far an article was compared with what is told: up to which Told, with which text and in which story."""

    article = models.OneToOneField("news.Article", models.CASCADE, related_name="look")
    text_hash = models.CharField(max_length=64)
    story = models.BigIntegerField(null=True)
    upto = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("比对进度")
        verbose_name_plural = pgettext_lazy("plural", "比对进度")

    def __str__(self) -> str:
        return f"{self.article_id}: {self.upto}"
