"""Put the links of any text into the inbox: `manage.py paste FILE`, or `-` for standard input."""

import sys
from argparse import ArgumentParser, FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from news.models import Stage
from news.sources.inbox import paste
from news.tasks import ring


class Command(BaseCommand):
    help = "找出文字里的链接，规整、去重后放进链接收件箱"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=FileType("r", encoding="utf-8"), nargs="?", default=sys.stdin)

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = paste(options["file"].read())
        if not outcomes:
            raise CommandError("这段文字里没有找到链接。")
        for outcome in outcomes:
            self.stdout.write(f"{outcome.fate.label}\t{outcome.url}\t{outcome.advice}".rstrip())
        ring(Stage.FOUND)
