"""A Name: a company, chip, board, model, paper or repository that texts speak of; its spellings and where it stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class NameQuerySet(models.QuerySet["Name"]):
    def public(self) -> NameQuerySet:
        return self.filter(state=Name.State.PUBLIC)

    def to_judge(self) -> NameQuerySet:
        """Suggestions that were seen in two articles or more: an editor says yes or no."""
        return self.filter(state=Name.State.SUGGESTED, article_count__gte=2)


class Name(models.Model):
    class Kind(models.TextChoices):
        COMPANY = "company", _("公司与机构")
        CHIP = "chip", _("芯片")
        BOARD = "board", _("开发板与整机")
        MODEL = "model", _("模型")
        PAPER = "paper", _("论文")
        REPOSITORY = "repository", _("代码库与软件")

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("待确认")
        PUBLIC = "public", _("公开")
        FORBIDDEN = "forbidden", _("不收录")
        MERGED = "merged", _("已并入")  # its address leads to `merged_into` for ever

    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    slug = models.SlugField(_("标识"), max_length=120, unique=True)
    label = models.CharField(_("名称"), max_length=200)
    label_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    description = models.TextField(_("说明"), blank=True)
    context = models.TextField(_("旁证词"), blank=True, help_text=_("一行一个。有歧义的写法，附近出现其中一个才算。"))
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.SUGGESTED)
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="merged", verbose_name=_("并入")
    )
    # Kept by news/names/file.py, so that no page counts a large table.
    article_count = models.PositiveIntegerField(_("文章数"), default=0, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = NameQuerySet.as_manager()

    class Meta:
        verbose_name = _("名称")
        verbose_name_plural = pgettext_lazy("plural", "名称")
        ordering = ["label", "id"]
        indexes = [models.Index(fields=["state", "-article_count"], name="name_state_count")]
        constraints = [
            models.CheckConstraint(
                name="merged_has_a_target",
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into=None)),
            )
        ]

    def __str__(self) -> str:
        return self.shown

    def get_absolute_url(self) -> str:
        return reverse("name", args=[self.slug])

    @property
    def shown(self) -> str:
        """The name in the reader's language."""
        return (self.label_en or self.label) if (get_language() or "").startswith("en") else self.label


class Alias(models.Model):
    """One spelling of a name. `key` is its folded form (news/names/fold.py), or the key of a pattern (arXiv, links)."""

    name = models.ForeignKey(Name, models.CASCADE, related_name="aliases", verbose_name=_("名称"))
    text = models.CharField(_("写法"), max_length=200)
    key = models.CharField(max_length=250, unique=True, editable=False)
    is_ambiguous = models.BooleanField(_("有歧义"), default=False, help_text=_("附近有旁证词才算"))
    is_exact = models.BooleanField(_("区分大小写"), default=False)
    is_pattern = models.BooleanField(default=False, editable=False)  # found by its form, not by its letters
    # The name that it belonged to before a merge: splitting it off again gives it back.
    origin = models.ForeignKey(
        Name, models.SET_NULL, null=True, blank=True, editable=False, related_name="aliases_given"
    )

    class Meta:
        verbose_name = _("写法")
        verbose_name_plural = pgettext_lazy("plural", "写法")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Mention(models.Model):
    """That an article speaks of a name. One that an editor took away stays away."""

    article = models.ForeignKey("news.Article", models.CASCADE, related_name="mentions", verbose_name=_("文章"))
    name = models.ForeignKey(Name, models.CASCADE, related_name="mentions", verbose_name=_("名称"))
    count = models.PositiveIntegerField(_("次数"), default=1)
    in_title = models.BooleanField(_("在标题中"), default=False)
    first = models.PositiveIntegerField(_("首次位置"), default=0)  # in title, line end, text
    is_rejected = models.BooleanField(_("编辑已否决"), default=False)

    class Meta:
        verbose_name = _("提及")
        verbose_name_plural = pgettext_lazy("plural", "提及")
        ordering = ["-in_title", "-count", "first"]
        constraints = [models.UniqueConstraint(fields=["article", "name"], name="one_mention_a_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.article}"


class NameScan(models.Model):
    """Articles with a key below `below` are still to be searched for this alias; without an alias, for every name."""

    alias = models.OneToOneField(Alias, models.CASCADE, null=True, blank=True, related_name="scan")
    below = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.alias or '*'} < {self.below}"


class Lexicon(models.Model):
    """One row: another number whenever an editor changes a name, so that every process reads the spellings anew."""

    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.version)
