"""`manage.py opml export|import FILE`: the sources out as OPML, and in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from news.models import Source
from news.sources import opml, reasons
from news.sources.base import SourceError


class Command(BaseCommand):
    help = "write the sources to an OPML file, or add those of one"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["export", "import"])
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, what: str, file: Path, **options: Any) -> None:
        try:
            self._export(file) if what == "export" else self._import(file)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}") from error
        except SourceError as error:
            words = reasons.words(str(error))
            raise CommandError(f"{file}: {words.what}。{words.advice} ({error})") from error

    def _export(self, file: Path) -> None:
        file.write_bytes(opml.dump(Source.objects.filter(is_sample=False).order_by("name")))
        self.stdout.write(str(file))

    def _import(self, file: Path) -> None:
        for outcome in opml.take_in(opml.load(file.read_bytes())):
            told = (outcome.fate.label, outcome.found.name, outcome.found.address, outcome.advice)
            self.stdout.write("\t".join(str(part) for part in told).rstrip())
