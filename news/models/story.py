"""A Story: the articles that tell the same event; one is its best. And what editors decided about stories."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Story(models.Model):
    best = models.ForeignKey(
        "news.Article", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("代表文章")
    )
    # The next step of a matter that an earlier story told; news/stories/followup.py finds it.
    followup_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followups", verbose_name=_("后续于")
    )
    followup_why = models.JSONField(_("后续依据"), default=dict, blank=True)
    is_followup_fixed = models.BooleanField(_("后续关系由编辑定"), default=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = pgettext_lazy("plural", "事件")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.best or f"#{self.pk}")


class StoryDecision(models.Model):
    """What an editor did with stories, once; kept for ever, also when it was undone or overruled later."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("拆分")
        MERGE = "merge", _("合并")
        APART = "apart", _("不属于这个事件")
        NO_COPY = "nocopy", _("不是转载")

    kind = models.CharField(_("决定"), max_length=6, choices=Kind)
    story = models.ForeignKey(
        Story, models.SET_NULL, null=True, blank=True, related_name="decisions", verbose_name=_("事件")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("编辑")
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    moved = models.JSONField(default=dict)  # article → the story it stood in before, by their keys
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("撤销人")
    )

    class Meta:
        verbose_name = _("事件决定")
        verbose_name_plural = pgettext_lazy("plural", "事件决定")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class StoryLinkQuerySet(models.QuerySet["StoryLink"]):
    def in_force(self) -> "StoryLinkQuerySet":
        """Neither undone nor overruled by a newer decision."""
        return self.filter(ended_by=None)


class StoryLink(models.Model):
    """Two articles that must, or cannot, stand in one story, or of which neither is the other's copy: an editor's word.

    `one` has the lower key.
    """

    class Kind(models.TextChoices):
        MUST = "must", _("同一事件")
        CANNOT = "cannot", _("不是同一事件")
        NO_COPY = "nocopy", _("不是转载")

    one = models.ForeignKey("news.Article", models.CASCADE, related_name="+", verbose_name=_("文章"))
    other = models.ForeignKey("news.Article", models.CASCADE, related_name="+", verbose_name=_("另一篇"))
    kind = models.CharField(_("关系"), max_length=6, choices=Kind)
    decision = models.ForeignKey(StoryDecision, models.CASCADE, related_name="links", verbose_name=_("决定"))
    ended_by = models.ForeignKey(
        StoryDecision, models.PROTECT, null=True, blank=True, related_name="ended_links", verbose_name=_("被取代于")
    )

    objects = StoryLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("事件关系")
        verbose_name_plural = pgettext_lazy("plural", "事件关系")
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=Q(ended_by=None, kind__in=["must", "cannot"]),
                name="one_word_on_two_articles",
            ),
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(ended_by=None, kind="nocopy"), name="no_copy_is_said_once"
            ),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="story_link_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.get_kind_display()} {self.other_id}"
