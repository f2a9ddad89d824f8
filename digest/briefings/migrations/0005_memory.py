"""What was printed is remembered: imported issues, and which articles and items tell what an item already told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
KINDS = [("link", "同一链接"), ("copy", "同一文本"), ("story", "同一事件"), ("same", "讲同一件事"), ("followup", "后续")]


class Migration(migrations.Migration):
    dependencies = [
        ("briefings", "0004_item_pictures"),
        ("news", "0008_moved_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "briefing", "is_imported", models.BooleanField(default=False, editable=False, verbose_name="导入的往期")
        ),
        migrations.CreateModel(
            "Look",
            [
                ("id", KEY.clone()),
                ("text_hash", models.CharField(max_length=64)),
                ("story", models.BigIntegerField(null=True)),
                ("upto", models.BigIntegerField(default=0)),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="look", to="news.article"
                    ),
                ),
            ],
            options={"verbose_name": "比对进度", "verbose_name_plural": "比对进度"},
        ),
        migrations.CreateModel(
            "Reported",
            [
                ("id", KEY.clone()),
                ("kind", models.CharField(choices=KINDS, max_length=8, verbose_name="依据")),
                ("score", models.FloatField(default=1.0, verbose_name="把握")),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="为什么")),
                ("added", models.JSONField(default=list, verbose_name="新增内容")),
                ("dismissed_at", models.DateTimeField(blank=True, null=True, verbose_name="否定时间")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="发现时间")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reported",
                        to="news.article",
                        verbose_name="文章",
                    ),
                ),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="否定人",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told_again",
                        to="briefings.item",
                        verbose_name="已刊登的条目",
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier",
                        to="briefings.item",
                        verbose_name="后来的条目",
                    ),
                ),
            ],
            options={
                "verbose_name": "已报道",
                "verbose_name_plural": "已报道",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("article", None), ("later__isnull", False)),
                            models.Q(("article__isnull", False), ("later", None)),
                            _connector="OR",
                        ),
                        name="reported_of_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("article__isnull", False)),
                        fields=("article", "item"),
                        name="reported_article_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("later__isnull", False)),
                        fields=("later", "item"),
                        name="reported_item_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Told",
            [
                ("id", KEY.clone()),
                ("version", models.PositiveIntegerField()),
                ("text_hash", models.CharField(db_index=True, max_length=64)),
                ("url", models.CharField(blank=True, db_index=True, max_length=2000)),
                ("model", models.CharField(max_length=200)),
                ("looked", models.BooleanField(default=False)),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="told", to="briefings.item"
                    ),
                ),
            ],
            options={
                "verbose_name": "条目的记忆",
                "verbose_name_plural": "条目的记忆",
                "indexes": [
                    models.Index(condition=models.Q(("looked", False)), fields=["looked"], name="told_waiting")
                ],
            },
        ),
    ]
