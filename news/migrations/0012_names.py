"""Names, their spellings, where articles mention them, and what is still to be searched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0011_copies")]

    operations = [
        migrations.CreateModel(
            name='Lexicon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('company', '公司与机构'), ('chip', '芯片'), ('board', '开发板与整机'), ('model', '模型'), ('paper', '论文'), ('repository', '代码库与软件')], max_length=10, verbose_name='类别')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='标识')),
                ('label', models.CharField(max_length=200, verbose_name='名称')),
                ('label_en', models.CharField(blank=True, max_length=200, verbose_name='英文名称')),
                ('description', models.TextField(blank=True, verbose_name='说明')),
                ('context', models.TextField(blank=True, help_text='一行一个。有歧义的写法，附近出现其中一个才算。', verbose_name='旁证词')),
                ('state', models.CharField(choices=[('suggested', '待确认'), ('public', '公开'), ('forbidden', '不收录'), ('merged', '已并入')], default='suggested', max_length=9, verbose_name='状态')),
                ('article_count', models.PositiveIntegerField(default=0, editable=False, verbose_name='文章数')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged', to='news.name', verbose_name='并入')),
            ],
            options={
                'verbose_name': '名称',
                'verbose_name_plural': '名称',
                'ordering': ['label', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveIntegerField(default=1, verbose_name='次数')),
                ('in_title', models.BooleanField(default=False, verbose_name='在标题中')),
                ('first', models.PositiveIntegerField(default=0, verbose_name='首次位置')),
                ('is_rejected', models.BooleanField(default=False, verbose_name='编辑已否决')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='news.article', verbose_name='文章')),
                ('name', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='news.name', verbose_name='名称')),
            ],
            options={
                'verbose_name': '提及',
                'verbose_name_plural': '提及',
                'ordering': ['-in_title', '-count', 'first'],
            },
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='写法')),
                ('key', models.CharField(editable=False, max_length=250, unique=True)),
                ('is_ambiguous', models.BooleanField(default=False, help_text='附近有旁证词才算', verbose_name='有歧义')),
                ('is_exact', models.BooleanField(default=False, verbose_name='区分大小写')),
                ('is_pattern', models.BooleanField(default=False, editable=False)),
                ('name', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='news.name', verbose_name='名称')),
                ('origin', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='aliases_given', to='news.name')),
            ],
            options={
                'verbose_name': '写法',
                'verbose_name_plural': '写法',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='NameScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('below', models.BigIntegerField()),
                ('alias', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='scan', to='news.alias')),
            ],
        ),
        migrations.AddIndex(
            model_name='name',
            index=models.Index(fields=['state', '-article_count'], name='name_state_count'),
        ),
        migrations.AddConstraint(
            model_name='name',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='merged_has_a_target'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('article', 'name'), name='one_mention_a_name'),
        ),
    ]
