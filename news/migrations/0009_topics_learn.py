"""Topics learn: heads, the editors' reviews and recent scores; and which thresholds an editor had set before.

A threshold that is not the one its starter topic came with was somebody's decision, and stays as it is.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CAME_WITH = {
    "chips": 0.65,
    "llm": 0.65,
    "multimodal": 0.35,
    "detection": 0.45,
    "vision": 0.6,
    "speech": 0.55,
    "robotics": 0.65,
    "driving": 0.55,
    "embedded": 0.35,
    "training": 0.55,
    "inference": 0.55,
    "agents": 0.4,
    "datasets": 0.6,
    "opensource": 0.35,
    "research": 0.55,
    "industry": 0.45,
    "science": 0.5,
    "rtos": 0.5,
}


def note_own_thresholds(apps, schema_editor):
    topics = apps.get_model("news", "Topic").objects.all()
    own = [topic.pk for topic in topics if topic.threshold != CAME_WITH.get(topic.slug, 0.5)]
    topics.filter(pk__in=own).update(is_threshold_own=True)


class Migration(migrations.Migration):
    dependencies = [("news", "0008_moved_words"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="TopicHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("encoder", models.CharField(max_length=200, verbose_name="向量模型")),
                ("trained_at", models.DateTimeField(auto_now_add=True, verbose_name="训练时间")),
                ("reviews", models.PositiveIntegerField(verbose_name="学自多少篇")),
                ("newest_word", models.PositiveBigIntegerField(default=0)),
                ("packed", models.BinaryField()),
                ("quality", models.JSONField(default=dict, verbose_name="质量")),
                ("thresholds", models.JSONField(default=dict, verbose_name="阈值")),
            ],
            options={"verbose_name": "主题学习", "verbose_name_plural": "主题学习", "ordering": ["-id"]},
        ),
        migrations.AddField(
            model_name="topic",
            name="is_threshold_own",
            field=models.BooleanField(
                default=False,
                help_text="不勾选时，阈值随纠正自动调整；改了阈值会自动勾选",
                verbose_name="阈值由编辑定",
            ),
        ),
        migrations.RunPython(note_own_thresholds, migrations.RunPython.noop, elidable=True),
        migrations.CreateModel(
            name="TopicReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("judged", models.JSONField(default=list)),
                ("machine", models.JSONField(default=list)),
                ("right", models.JSONField(default=list)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="news.article",
                        verbose_name="文章",
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
                (
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="news.topichead",
                        verbose_name="主题学习",
                    ),
                ),
            ],
            options={"verbose_name": "主题核对", "verbose_name_plural": "主题核对", "ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="TopicScores",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="topic_scores",
                        serialize=False,
                        to="news.article",
                    ),
                ),
                ("scores", models.JSONField(default=dict)),
                ("doubt", models.FloatField(default=0)),
                (
                    "head",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="news.topichead",
                    ),
                ),
            ],
            options={"verbose_name": "主题得分", "verbose_name_plural": "主题得分"},
        ),
    ]
