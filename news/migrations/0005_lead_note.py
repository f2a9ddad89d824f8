from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0004_watch_moved_to")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="note",
            field=models.CharField(blank=True, max_length=500, verbose_name="备注"),
        ),
    ]
