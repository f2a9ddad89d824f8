"""What the search keeps of an item: its vector and its like. Every item there is gets an entry that is due."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgvector.django
from django.db import migrations, models

EVERY_ITEM = """
    INSERT INTO briefings_searchentry (item_id, version, text_hash, model, is_related_due)
    SELECT id, 0, '', '', false FROM briefings_item
"""


class Migration(migrations.Migration):
    dependencies = [("briefings", "0006_names"), ("news", "0001_vector")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="briefings.item",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=0)),
                ("text_hash", models.CharField(blank=True, max_length=64)),
                ("model", models.CharField(blank=True, max_length=200)),
                ("vector", pgvector.django.VectorField(null=True)),
                (
                    "related",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("is_related_due", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "搜索记录",
                "verbose_name_plural": "搜索记录",
                "indexes": [
                    models.Index(fields=["version"], name="search_entry_version"),
                    models.Index(fields=["model"], name="search_entry_model"),
                    models.Index(
                        condition=models.Q(("is_related_due", True)), fields=["item"], name="search_entry_due"
                    ),
                ],
            },
        ),
        migrations.RunSQL(EVERY_ITEM, migrations.RunSQL.noop),
    ]
