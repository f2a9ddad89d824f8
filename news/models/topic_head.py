"""What is learned of topics: the TopicHead in use, what it said of recent articles, and what editors made of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TopicHead(models.Model):
    """One training. The newest whose encoder is the one that serves files articles; the older ones are the history."""

    encoder = models.CharField(_("向量模型"), max_length=200)  # as Embedding.model: weights belong to one revision
    trained_at = models.DateTimeField(_("训练时间"), auto_now_add=True)
    reviews = models.PositiveIntegerField(_("学自多少篇"))
    newest_word = models.PositiveBigIntegerField(default=0)  # the last TopicReview that it learned from
    packed = models.BinaryField()  # news/topics/head.py; emptied once a newer head serves
    # {topic id: [precision, recall, F1, confirmed articles]} on articles that the judging part had not seen
    quality = models.JSONField(_("质量"), default=dict)
    thresholds = models.JSONField(_("阈值"), default=dict)  # {topic id: score}, for topics that no editor set one for

    class Meta:
        verbose_name = _("主题学习")
        verbose_name_plural = pgettext_lazy("plural", "主题学习")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d %H:%M} · {self.reviews}"


class TopicReview(models.Model):
    """That an editor judged an article's topics: what the machine had said before, and what is right."""

    article = models.ForeignKey("news.Article", models.CASCADE, related_name="reviews", verbose_name=_("文章"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("编辑")
    )
    head = models.ForeignKey(
        TopicHead, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("主题学习")
    )
    judged = models.JSONField(default=list)  # ids of the topics that were in question
    machine = models.JSONField(default=list)  # of these, those that the machine had filed it under
    right = models.JSONField(default=list)  # of these, those that it belongs under

    class Meta:
        verbose_name = _("主题核对")
        verbose_name_plural = pgettext_lazy("plural", "主题核对")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.article)


class TopicScores(models.Model):
    """The scores of one recent article under all topics, also those that it did not reach."""

    article = models.OneToOneField("news.Article", models.CASCADE, primary_key=True, related_name="topic_scores")
    head = models.ForeignKey(TopicHead, models.SET_NULL, null=True, related_name="+")
    scores = models.JSONField(default=dict)  # {topic id: score}
    doubt = models.FloatField(default=0)  # how near it is to thresholds: 0 to 2

    class Meta:
        verbose_name = _("主题得分")
        verbose_name_plural = pgettext_lazy("plural", "主题得分")

    def __str__(self) -> str:
        return str(self.article_id)
