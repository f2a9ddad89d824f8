"""Fill a site with the sample issues and the sample tour, or take them away: `manage.py demo [--remove]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from digest.demo import fill


class Command(BaseCommand):
    help = "装入示例内容；--remove 移除全部示例内容"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="移除全部示例内容")
        parser.add_argument("--only-if-empty", action="store_true", help="站点已有内容时什么也不做")
        parser.add_argument("--through-the-proxy", action="store_true", help="内部使用：由示例代理启动")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            fill.remove()
            self.stdout.write("示例内容已移除。")
        elif options["through_the_proxy"]:
            self._fill()
        elif (not options["only_if_empty"] or fill.is_empty()) and fill.fill_in_a_child():
            raise CommandError("示例内容没有装入，原因见上。可以稍后再运行：manage.py demo")

    def _fill(self) -> None:
        with tqdm(total=100, desc="jianbao: demo", unit="%", disable=None) as bar:

            def report(done: int, total: int) -> None:
                bar.update(100 * done // total - bar.n)

            try:
                fill.fill(report)
            except fill.DemoFailed as failed:
                raise CommandError(f"示例页面处理失败：{failed}") from failed
