"""Which names an item speaks of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("briefings", "0005_memory"), ("news", "0012_names")]

    operations = [
        migrations.CreateModel(
            name="NamesNoted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0)),
                ("below", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ItemName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(default=0)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="named", to="briefings.item"
                    ),
                ),
                (
                    "name",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="in_items", to="news.name"
                    ),
                ),
            ],
            options={"ordering": ["place", "id"]},
        ),
        migrations.AddConstraint(
            model_name="itemname",
            constraint=models.UniqueConstraint(fields=("item", "name"), name="one_row_an_item_and_name"),
        ),
    ]
