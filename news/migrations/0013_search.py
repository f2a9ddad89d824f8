"""Which articles' search terms are of an older make: they are written anew in the background (news/search/anew.py)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0012_names")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="search_version",
            field=models.PositiveSmallIntegerField(db_default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(search__isnull=False), fields=["search_version"], name="article_search_version"
            ),
        ),
    ]
