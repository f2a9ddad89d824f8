"""Pages for the crawl: as many as are asked for, of our own words, no two alike, on a few hosts of their own."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from digest.demo.proxy import Proxy, serve

HOSTS = [f"h{number}.press.example" for number in range(8)]
SUBJECTS = ["一颗芯片", "一块板子", "一个模型", "一台小车", "一个摄像头", "一支团队", "一家工厂", "一只机械臂"]
VERBS = [
    "跑得更快",
    "省了一半电",
    "学会了看路",
    "认得出零件",
    "装进了盒子",
    "卖出了第一批",
    "开放了源码",
    "换了新的外壳",
]
ENDS = ["细节还要等。", "价格没有变。", "手册已经写好。", "测试做了三轮。", "明年春天见。", "社区里有人试过。"]


class Shelf:
    """The pages that the proxy answers for; `more` puts new ones there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages: dict[str, Path] = {f"https://{host}/": folder / "none" for host in HOSTS}
        self.count = 0

    def more(self, count: int) -> list[str]:
        urls = []
        for _ in range(count):
            self.count += 1
            url = f"https://{HOSTS[self.count % len(HOSTS)]}/news/{self.count}.html"
            self.pages[url] = self.folder / f"{self.count}.html"
            self.pages[url].write_text(_page(self.count), encoding="utf-8")
            urls.append(url)
        return urls


@contextmanager
def shelf() -> Iterator[tuple[Shelf, Proxy]]:
    with TemporaryDirectory(prefix="jianbao-pages-") as folder:
        made = Shelf(Path(folder))
        with serve(made.pages) as proxy:
            yield made, proxy


def _page(number: int) -> str:
    pick = random.Random(number)  # noqa: S311  not for secrets; the same page each time
    said = ["".join(f"{pick.choice(SUBJECTS)}{pick.choice(VERBS)}，" for _ in range(4)) for _ in range(6)]
    paragraphs = "".join(f"<p>{text}{pick.choice(ENDS)}这是第 {number} 篇。</p>" for text in said)
    title = f"{pick.choice(SUBJECTS)}{pick.choice(VERBS)}（{number}）"
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )
