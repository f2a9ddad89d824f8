"""Make a draft for a date: `manage.py compose 2026-11-27 --items 8`."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from digest.briefings.compose import ITEMS, compose


class Command(BaseCommand):
    help = "从尚未刊登的事件里自动编排一期草稿"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", nargs="?", type=date.fromisoformat, help="YYYY-MM-DD，默认今天")
        parser.add_argument("--items", type=int, default=ITEMS)
        parser.add_argument("--repeats", action="store_true", help="已报道过的也选")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            briefing = compose(options["date"] or timezone.localdate(), options["items"], repeats=options["repeats"])
        except ValueError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(briefing.title)
        for item in briefing.items.all():
            self.stdout.write(f"{item.position}. {item.headline}  {item.url}")
