"""Put in the names that a new site starts with; those that are there stay as they are."""

from typing import Any

from django.core.management.base import BaseCommand

from news.names.starter import install_starter_names


class Command(BaseCommand):
    help = "装入起始名称表（公司、芯片、开发板、模型、代码库）；已有的不动"

    def handle(self, *args: Any, **options: Any) -> None:
        added = install_starter_names()
        if options["verbosity"]:
            self.stdout.write(f"新增 {added} 个名称")
