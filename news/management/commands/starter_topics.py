"""Put the starter topics in that are not there yet; a topic that an editor changed stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand

from news.topics import install_starter_topics


class Command(BaseCommand):
    help = "装入起始主题（已有的不动）"

    def handle(self, *args: Any, **options: Any) -> None:
        added = install_starter_topics()
        if options["verbosity"]:
            self.stdout.write(f"新增 {added} 个主题")
