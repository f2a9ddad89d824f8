from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):

    dependencies = [
        ('news', '0003_the_wire'),
    ]

    operations = [
        migrations.AddField(
            model_name='watch',
            name='moved_to',
            field=models.CharField(blank=True, max_length=2000, verbose_name='新地址'),
        ),
        migrations.AddField(
            model_name='watch',
            name='published_at',
            field=models.DateTimeField(db_default=Now(), verbose_name='最近刊登'),
        ),
        migrations.AlterField(
            model_name='watch',
            name='state',
            field=models.CharField(choices=[('unknown', '尚未检查'), ('ok', '正常'), ('changed', '原文有改动'), ('blocked', '被验证页拦住，未能确认'), ('unreachable', '暂时连不上'), ('deleted', '原文已被作者删除'), ('violation', '原文因违规无法查看'), ('expired', '临时链接已过期'), ('not_found', '页面不存在'), ('moved', '帐号已迁移')], default='unknown', max_length=12, verbose_name='状态'),
        ),
    ]
