"""The corpus's good pages under made-up addresses on many hosts, each copy with a text of its own; served by a child.

python -m benchmarks.crawl.made_up SHARED COUNT      prints {"proxy", "authority"}, then serves until it is stopped
"""

import itertools
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOSTS = 40
_BASE = Path(__file__).resolve().parent.parent.parent
_BODIES = (b'id="js_content"', b'data-testid="article"', b'class="article-content"')
_SUBJECTS = ("巡检机器人", "端侧模型", "语音芯片", "视觉检测线", "果园小车", "排产系统", "仓库叉车", "电网调度台")
_VERBS = ("换了新的传感器", "把误报率降了一半", "学会了自己充电", "开始试用第二版", "公布了测试数据", "暂停了一周检修")
_PLACES = ("在山东", "在成都", "在北方的港口", "在一家纺织厂", "在高原上", "在老城区", "在两所学校")


def address(number: int) -> str:
    return f"https://h{number % HOSTS}.example/a/{number}"


@contextmanager
def served(shared: Path, count: int) -> Iterator[tuple[str, str]]:
    """The proxy's address and its authority's certificate, of a process of its own."""
    words = [sys.executable, "-m", "benchmarks.crawl.made_up", str(shared), str(count)]
    process = subprocess.Popen(words, cwd=_BASE, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    try:
        if process.stdout is None or not (line := process.stdout.readline()):
            raise RuntimeError("the pages are not served")
        told = json.loads(line)
        yield told["proxy"], told["authority"]
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    shared, count = Path(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # so that the web clears up behind itself
    from django.conf import settings

    settings.configure()
    from benchmarks.crawl.web import Made, Web
    from tests.news.http.hostile import page

    pages = list(itertools.islice(itertools.cycle(_good(shared / "corpus")), count))

    def answer(number: int) -> Made:
        return lambda head: page(_own(pages[number], number), kind="text/html; charset=utf-8")

    with Web({address(number): answer(number) for number in range(count)}) as web:
        print(json.dumps({"proxy": web.proxy, "authority": str(web.authority)}), flush=True)
        threading.Event().wait()


def _good(corpus: Path) -> list[bytes]:
    gold = [json.loads(line) for line in (corpus / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    bodies = [(corpus / known["file"]).read_bytes() for known in gold if known["state"] == "ok"]
    return [body for body in bodies if any(mark in body for mark in _BODIES)]


def _own(body: bytes, number: int) -> bytes:
    """Three sentences of our own at the beginning: another text, and so another vector."""
    at = max(body.find(mark) for mark in _BODIES)
    at = body.index(b">", at) + 1
    words = "".join(f"<p>{_sentence(number * 3 + n)}</p>" for n in range(3))
    return body[:at] + words.encode() + body[at:]


def _sentence(number: int) -> str:
    place, subject, verb = (
        some[number // every % len(some)] for some, every in ((_PLACES, 1), (_SUBJECTS, 7), (_VERBS, 3))
    )
    return f"{place}，第{number}号{subject}{verb}，值班的人记下了{number * 37 % 1009}个数。"


if __name__ == "__main__":
    main()
