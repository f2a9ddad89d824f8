"""What editors decide about stories, follow-ups, and an index by which the articles of some days are found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0009_topics_learn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoryDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("split", "拆分"), ("merge", "合并"), ("apart", "不属于这个事件"), ("nocopy", "不是转载")],
                        max_length=6,
                        verbose_name="决定",
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="decisions",
                        to="news.story",
                        verbose_name="事件",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="编辑",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("moved", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
            ],
            options={"verbose_name": "事件决定", "verbose_name_plural": "事件决定", "ordering": ["-at", "-id"]},
        ),
        migrations.CreateModel(
            name="StoryLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="news.article",
                        verbose_name="文章",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="news.article",
                        verbose_name="另一篇",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("must", "同一事件"), ("cannot", "不是同一事件"), ("nocopy", "不是转载")], max_length=6, verbose_name="关系"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="news.storydecision",
                        verbose_name="决定",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended_links",
                        to="news.storydecision",
                        verbose_name="被取代于",
                    ),
                ),
            ],
            options={"verbose_name": "事件关系", "verbose_name_plural": "事件关系"},
        ),
        migrations.AddConstraint(
            model_name="storylink",
            constraint=models.UniqueConstraint(
                condition=models.Q(ended_by=None, kind__in=["must", "cannot"]),
                fields=("one", "other"),
                name="one_word_on_two_articles",
            ),
        ),
        migrations.AddConstraint(
            model_name="storylink",
            constraint=models.UniqueConstraint(
                condition=models.Q(ended_by=None, kind="nocopy"),
                fields=("one", "other"),
                name="no_copy_is_said_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="storylink",
            constraint=models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="story_link_in_order"
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="followup_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="followups",
                to="news.story",
                verbose_name="后续于",
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="followup_why",
            field=models.JSONField(blank=True, default=dict, verbose_name="后续依据"),
        ),
        migrations.AddField(
            model_name="story",
            name="is_followup_fixed",
            field=models.BooleanField(default=False, verbose_name="后续关系由编辑定"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(Coalesce("published_at", "created_at"), name="article_moment"),
        ),
    ]
