"""Read saved pages without a site or a database: `manage.py extract [--jsonl] FOLDER-OR-FILES…`."""

import json
import sys
import unicodedata
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from news.extract import Page, read
from news.extract.saved import MAX_IN, NotSaved, is_saved_page, open_saved

COLUMNS = (
    ("文件", 40),
    ("状态", 18),
    ("类型", 12),
    ("字数", 6),
    ("图片", 4),
    ("时间", 16),
    ("公众号", 20),
    ("标题", 0),
)


class Command(BaseCommand):
    help = "读取保存在本机的网页（.html、.mht、.mhtml），写出状态、标题、公众号、时间和正文；网站由内容识别"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="文件或文件夹", help="文件夹会逐层读取")
        parser.add_argument("--jsonl", action="store_true", help="每页写一行 JSON，含全文；不给则打印一张表")
        parser.add_argument("--url", default="", help="网页原来的地址；只用来补全相对链接")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [file for path in options["paths"] for file in _files(Path(path))]
        write = self._write_line if options["jsonl"] else self._write_row
        if not options["jsonl"]:
            self.stdout.write(_row([name for name, _ in COLUMNS]))
        try:
            for file in tqdm(files, unit="页", desc="读取", disable=None, leave=False):
                self._take(file, options["url"], write)
            self.stdout.flush()
        except BrokenPipeError:  # whoever read our lines has enough of them
            sys.stdout = None  # or Python complains once more when it ends

    def _take(self, file: Path, url: str, write: Any) -> None:
        data = _contents(file)
        if is_saved_page(data, file.name):
            write(_name(file), page_of(data, file.name, url))
        else:
            self.stderr.write(f"跳过 {_name(file)}：不是保存的网页", self.style.NOTICE)

    def _write_line(self, name: str, page: Page) -> None:
        self.stdout.write(json.dumps(line(name, page), ensure_ascii=False))

    def _write_row(self, name: str, page: Page) -> None:
        when = page.published.isoformat().replace("T", " ")[:16] if page.published else ""
        said = page.title or page.reason
        count = len("".join(page.text.split()))
        self.stdout.write(_row([name, page.state, page.kind, str(count), str(page.images), when, page.account, said]))


def page_of(data: bytes, name: str, url: str = "") -> Page:
    """The page in a saved file. A file that is named a page but is none has a state too."""
    try:
        saved = open_saved(data, name)
    except NotSaved as told:
        return _unsaved(data, url) if told.reason != "too_large" else Page("unavailable", "generic", reason="too_large")
    return read(saved.body, url=url or saved.url, content_type=saved.content_type)


def _unsaved(data: bytes, url: str) -> Page:
    page = read(data, url=url)
    return page if data.strip() else Page("blocked", page.site, reason="empty")


def line(name: str, page: Page) -> dict[str, Any]:
    """What one page says, in the fields that a grader reads and a few more."""
    return {
        "file": name,
        "state": page.state,
        "title": page.title or None,
        "account": page.account or None,
        "published": page.published.isoformat() if page.published else None,
        "text": page.text,
        "images": page.images,
        "site": page.site,
        "kind": page.kind,
        "byline": page.byline or None,
        "original": page.original,
        "source_url": page.source_url or None,
        "canonical_url": page.canonical_url or None,
        "moved_to": page.moved_to or None,
        "reason": page.reason or None,
    }


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise CommandError(f"没有 {path} 这个文件或文件夹，请检查路径。")
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.is_file())
    elif path.is_file():
        yield path
    else:
        raise CommandError(f"{path} 不是文件，也不是文件夹，请给出保存网页的文件。")


def _contents(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_IN + 1)
    except OSError as error:
        raise CommandError(f"读不了 {file}：{error.strerror}。请检查权限，或把文件复制到别处再试。") from error


def _name(file: Path) -> str:
    """Folder and name, whatever path was given; bytes that are no UTF-8 replaced."""
    file = file.absolute()
    return f"{file.parent.name}/{file.name}".encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _row(cells: list[str]) -> str:
    return "  ".join(_padded(cell, width) for cell, (_, width) in zip(cells, COLUMNS, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    """A cell as wide as its column; a Han character is two columns wide."""
    taken = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, width - taken)
