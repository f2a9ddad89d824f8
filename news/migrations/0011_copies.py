"""Sketches of articles, by which copies are found; those of articles already here are made by a task, batch by batch."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0010_stories")]

    operations = [
        migrations.CreateModel(
            name="Sketch",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sketch",
                        serialize=False,
                        to="news.article",
                        verbose_name="文章",
                    ),
                ),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "verbose_name": "正文指印",
                "verbose_name_plural": "正文指印",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="sketch_keys", fastupdate=False)
                ],
            },
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["account", "-id"], name="article_account"),
        ),
    ]
