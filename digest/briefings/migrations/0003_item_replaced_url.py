from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('briefings', '0002_item_watch'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='replaced_url',
            field=models.CharField(blank=True, editable=False, max_length=2000, verbose_name='换源前的链接'),
        ),
    ]
