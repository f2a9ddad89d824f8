"""Take past issues in from files: `manage.py import_issues issues/ 20230310.md --dry-run`."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from digest.briefings.past_issues_take import Plan, files_of, plan, read_file, take


class Command(BaseCommand):
    help = "导入往期简报（Markdown 或纯文本）：发布在原来的日期，不寄给任何人；同一日期同一标题只收一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="文件或文件夹")
        parser.add_argument("--dry-run", action="store_true", help="只看会怎样，什么都不写")
        parser.add_argument("--json", action="store_true", help="最后一行是一个 JSON 对象，含读到的一切")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            issues = [read_file(path.name, path.read_bytes()) for path in files_of(options["paths"])]
        except OSError as error:
            raise CommandError(gettext("读不了 %s：%s") % (error.filename, error.strerror)) from error
        plans = plan(issues) if options["dry_run"] else take(issues)
        for made in plans:
            self._say(made)
        self.stdout.write(_counted(plans, options["dry_run"]))
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(made) for made in plans], ensure_ascii=False, default=str))

    def _say(self, made: Plan) -> None:
        issue = made.issue
        self.stdout.write(f"{issue.name}  {issue.date or '—'}  {made.fate.label}  {len(made.items)}/{len(issue.items)}")
        for problem in issue.problems:
            self.stderr.write(f"{issue.name}:{problem.line}: {problem}")


def _counted(plans: list[Plan], dry_run: bool) -> str:
    taken = [made for made in plans if made.can_be_taken]
    count = {"issues": len(taken), "items": sum(len(made.items) for made in taken), "files": len(plans)}
    if dry_run:
        return gettext("%(files)s 个文件，会收 %(issues)s 期 %(items)s 条；什么都没有写") % count
    return gettext("%(files)s 个文件，收了 %(issues)s 期 %(items)s 条") % count


def _as_json(made: Plan) -> dict[str, Any]:
    issue = made.issue
    return {
        "file": issue.name,
        "date": issue.date,
        "said": issue.said,
        "fate": made.fate.value,
        "items": [asdict(item) for item in issue.items],
        "extras": [asdict(extra) for extra in issue.extras],
        "problems": [{"line": problem.line, "kind": problem.kind, "what": problem.what} for problem in issue.problems],
    }
