"""A Topic: a subject heading, with its examples and the articles filed under it."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    slug = models.SlugField(_("标识"), unique=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=60)
    description = models.TextField(_("说明"))
    terms = models.TextField(_("关键词"), blank=True, help_text=_("一行一个；标题或开头出现即为线索"))
    threshold = models.FloatField(_("阈值"), default=0.5, help_text=_("0 到 1；越高越严格"))
    is_threshold_own = models.BooleanField(
        _("阈值由编辑定"), default=False, help_text=_("不勾选时，阈值随纠正自动调整；改了阈值会自动勾选")
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("主题")
        verbose_name_plural = pgettext_lazy("plural", "主题")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


class TopicExample(models.Model):
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="examples", verbose_name=_("主题"))
    text = models.CharField(_("例句"), max_length=500)
    is_positive = models.BooleanField(_("属于该主题"), default=True)

    class Meta:
        verbose_name = _("例句")
        verbose_name_plural = pgettext_lazy("plural", "例句")
        constraints = [models.UniqueConstraint(fields=["topic", "text"], name="one_example_a_text")]

    def __str__(self) -> str:
        return self.text


class ArticleTopic(models.Model):
    """That an article is filed under a topic, and by whom. What an editor said is never overridden."""

    class By(models.TextChoices):
        MACHINE = "machine", _("机器")
        EDITOR = "editor", _("编辑")

    article = models.ForeignKey("news.Article", models.CASCADE, related_name="filed", verbose_name=_("文章"))
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="filed", verbose_name=_("主题"))
    by = models.CharField(_("由谁"), max_length=8, choices=By, default=By.MACHINE)
    is_rejected = models.BooleanField(_("编辑已否决"), default=False)
    score = models.FloatField(_("得分"), default=1.0)
    why = models.JSONField(_("理由"), default=dict, blank=True)  # as news.topics.model gives it

    class Meta:
        verbose_name = _("文章主题")
        verbose_name_plural = pgettext_lazy("plural", "文章主题")
        ordering = ["-score"]
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="one_filing_a_topic")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.article}"
