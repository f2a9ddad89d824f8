from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('briefings', '0003_item_replaced_url'),
        ('news', '0003_the_wire'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='pictures',
            field=models.ManyToManyField(blank=True, editable=False, related_name='items', to='news.picture'),
        ),
    ]
