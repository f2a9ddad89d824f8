"""Do all the work that waits, in this process, with a progress bar: for a machine without workers, and for repairs."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from news import pipeline
from news.models import Article, Stage


class Command(BaseCommand):
    help = "在本进程内处理所有等待中的文章"

    def handle(self, *args: Any, **options: Any) -> None:
        under_way = Article.objects.exclude(stage__in=[Stage.SUMMARISED, Stage.DROPPED])
        total = under_way.count()
        with tqdm(total=total, unit="篇", desc="处理") as bar:

            def report() -> None:
                bar.n = max(total - under_way.count(), 0)
                bar.refresh()

            pipeline.drain(report)
        for stage, count in pipeline.counts():
            if count:
                self.stdout.write(f"{Stage(stage).label}\t{count}")
