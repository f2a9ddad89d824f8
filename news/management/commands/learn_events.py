"""`manage.py learn_events [FILE]`: the judge of events learns from labelled pairs, or from this site's editors."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from news.embed.folder import Unsupported
from news.embed.serving import serving
from news.evaluate.base import BadData
from news.evaluate.events import pairs_of
from news.stories.pairs import kept
from news.stories.pairs.decisions import decided_pairs
from news.stories.pairs.learn import LEAST, Pair, TooFew, learn
from news.stories.pairs.reading import head


class Command(BaseCommand):
    help = "让程序学会判断两篇文章说的是不是同一件事。学好后新来的文章就用它；换了向量模型要再学一次。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help='每行 {"a": 标题, "b": 标题, "same": 0 或 1}；不给就用编辑拆分、合并的决定',
        )
        parser.add_argument("--forget", action="store_true", help="忘掉学到的，回到公式")

    def handle(self, *args: object, **options: Any) -> None:
        if options["forget"]:
            kept.place(kept.SITE).unlink(missing_ok=True)
            self.stdout.write(_("已回到公式。"))
            return
        try:
            pairs = self._pairs(options["file"])
            learned = learn(pairs, serving(), self._progress)
        except TooFew as error:
            message = _("同一事件和不同事件的对子各要 %(least)d 对以上，现在是 %(found)s。")
            raise CommandError(message % {"least": LEAST, "found": error}) from error
        except (BadData, Unsupported) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(_("读不了 %s：%s") % (error.filename, error.strerror)) from error
        kept.keep(learned, kept.SITE)
        self.stdout.write(_("学了 %d 对，以后新来的文章按它判断。工作进程不用重启。") % len(pairs))

    def _pairs(self, file: Path | None) -> list[Pair]:
        if file is None:
            return decided_pairs()
        return [Pair(head(pair.one), head(pair.other), pair.same) for pair in pairs_of(file)]

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"{done}/{of}")
