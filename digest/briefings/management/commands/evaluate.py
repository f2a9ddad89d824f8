"""`manage.py evaluate KIND`: how well the machine does its work, on the data you name."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from news.evaluate.base import BadData, Evaluation, Figure, Progress, Report

KINDS = {
    "extract": "news.evaluate.extract",
    "topics": "news.evaluate.topics",
    "events": "news.evaluate.events",
    "duplicates": "news.evaluate.duplicates",
    "stories": "news.evaluate.stories",
    "search": "digest.briefings.evaluate_search",
}


class Command(BaseCommand):
    help = "量一量程序做得怎么样：数字、置信区间和用的数据。什么都不写进数据库，也不从测试数据里学。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("--test", type=Path, help="测试数据；不给就用自带的小样本，再加本站编辑的决定")
        parser.add_argument("--train", type=Path, help="先从这里学")
        parser.add_argument("--json", action="store_true", help="最后一行是一个 JSON 对象")

    def handle(self, *args: object, **options: Any) -> None:
        if options["train"] and not options["test"]:
            raise CommandError(gettext("--train 要和 --test 一起用：没有测试数据，学了也量不出什么。"))
        evaluation = cast(Evaluation, import_module(KINDS[options["kind"]]))
        try:
            reports = self._reports(evaluation, options)
        except BadData as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(gettext("读不了 %s：%s") % (error.filename, error.strerror)) from error
        for report in reports:
            self._show(report)
        if options["json"]:
            found = reports[0].as_json() | ({"archive": reports[1].as_json()} if reports[1:] else {})
            self.stdout.write(json.dumps(found, ensure_ascii=False))

    def _reports(self, evaluation: Evaluation, options: dict[str, Any]) -> list[Report]:
        if options["test"]:
            return [evaluation.on_file(options["test"], options["train"], self._progress())]
        archive = evaluation.on_archive(self._progress())
        return [evaluation.bundled(self._progress()), *([archive] if archive else [])]

    def _progress(self) -> Progress:
        """A line that rewrites itself on a terminal; elsewhere one line at the end. Always on standard error."""

        def show(done: int, of: int) -> None:
            if self.stderr.isatty():
                self.stderr.write(f"\r{done}/{of}", ending="\n" if done == of else "")
            elif done == of:
                self.stderr.write(f"{done}/{of}")

        return show

    def _show(self, report: Report) -> None:
        self.stdout.write(f"{report.kind} · {report.data} · {report.cases}")
        for name, figure in report.figures.items():
            self.stdout.write(f"  {name:<24} {_worded(figure)}")
        for note in report.notes:
            self.stdout.write(f"  {note}")


def _worded(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return f"{figure.value:.4g}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
