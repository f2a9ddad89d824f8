"""`manage.py leads FILES…`: what saved feeds and listings hold, a line a file; nothing is stored, nobody is asked."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from news.canonical import is_temporary
from news.sources import KINDS
from news.sources.base import Listing, SourceError, read
from news.sources.detect import detect


class Command(BaseCommand):
    help = "read saved feeds and listings: file, kind, entries, with whole text, temporary, newest; 1 if one cannot be"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
        parser.add_argument("--kind", choices=sorted(KINDS), help="read all as this kind instead of telling by content")
        parser.add_argument("--url", default="", help="where the files came from, for relative links")

    def handle(self, *args: Any, files: list[Path], kind: str | None, url: str, **options: Any) -> None:
        bad = 0
        for file in _each(files):
            try:
                body = file.read_bytes()
                found = (kind, read(KINDS[kind], body, url=url, options={})) if kind else detect(body, url)
            except (OSError, SourceError) as error:
                bad += 1
                self.stderr.write(f"{file}: {error}")
                continue
            self.stdout.write(_line(file, *found))
        if bad:
            raise CommandError(f"{bad} could not be read", returncode=1)


def _each(files: list[Path]) -> list[Path]:
    inside = [sorted(path for path in file.iterdir() if path.is_file()) if file.is_dir() else [file] for file in files]
    return [path for paths in inside for path in paths]


def _line(file: Path, kind: str, listing: Listing) -> str:
    entries = listing.entries
    whole = sum(1 for entry in entries if entry.html)
    temporary = sum(1 for entry in entries if is_temporary(entry.url))
    newest = max((entry.published for entry in entries if entry.published), default=None)
    told = (file.name, kind, f"{len(entries)} entries", f"{whole} whole texts", f"{temporary} temporary")
    return "\t".join([*told, newest.strftime("%Y-%m-%d %H:%M") if newest else "no times"])
