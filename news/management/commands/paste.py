"""Put the links of any text into the inbox: `manage.py paste FILE`, or `-` for standard input."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from news.models import Stage
from news.sources.inbox import look, paste
from news.tasks import ring


class Command(BaseCommand):
    help = "找出文字里的链接，规整、去重后放进链接收件箱"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="文件；- 为标准输入")
        parser.add_argument("--dry-run", action="store_true", help="只说每个链接将会怎样，不保存")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(f"读不了 {file}：{error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} 不是 UTF-8 文字，请另存为 UTF-8 后再试。") from error
        outcomes = look(text) if options["dry_run"] else paste(text)
        if not outcomes:
            raise CommandError("这段文字里没有找到链接。")
        for outcome in outcomes:
            fate = outcome.forecast if options["dry_run"] else str(outcome.fate.label)
            said = "；".join(part for part in (outcome.standing, outcome.advice) if part)
            self.stdout.write(f"{fate}\t{outcome.url}\t{said}".rstrip())
        if not options["dry_run"]:
            ring(Stage.FOUND)
