"""Writes the search index of every item anew, after a change of how terms are made or of rows by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from digest.briefings.index import index
from digest.briefings.models import Item


class Command(BaseCommand):
    help = "重建站内搜索索引"

    def handle(self, *args: Any, **options: Any) -> None:
        count = index(Item.objects.defer("search", "machine_text").iterator(chunk_size=200))
        self.stdout.write(f"{count} 条已重建索引")
