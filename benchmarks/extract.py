"""`make bench-extract`: how long a WeChat page of 2025/26 takes to read, and how much memory, beside other readers.

One child process a reader, all over the same pages of ../shared; each page is read three times, the best counts. Peak
memory is the child's ru_maxrss. The goal: not slower than plain BeautifulSoup on #js_content (median), and five times
as fast as trafilatura. Exits 1 when the goal is missed, 2 where the corpus is missing.
"""

import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SHARED = Path(os.environ.get("JIANBAO_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared")
FOLDER = SHARED / "corpus" / "wechat"
ROUNDS = 3
AT_LEAST = 5  # times as fast as trafilatura


def main() -> None:
    if len(sys.argv) == 2:
        return _measure(sys.argv[1])
    if not pages():
        print(f"bench-extract: no pages under {FOLDER}; set JIANBAO_SHARED to their folder", file=sys.stderr)
        sys.exit(2)
    found = {name: figures for name in READERS if (figures := _child(name))}
    _report(found)
    ours = found["news.extract"]["median_ms"]
    if ours > found["BeautifulSoup"]["median_ms"] or AT_LEAST * ours > found["trafilatura"]["median_ms"]:
        print("\nbench-extract: the goal is missed", file=sys.stderr)
        sys.exit(1)


def pages() -> list[Path]:
    """The corpus's WeChat pages of 2025 and 2026, as they were downloaded."""
    return sorted([*FOLDER.glob("wx2025*.html"), *FOLDER.glob("wx2026*.html")])


def _child(name: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.extract", name], capture_output=True, text=True)
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit status {done.returncode}"
        print(f"{name}: left out ({why})", file=sys.stderr)
        return {}
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _measure(name: str) -> None:
    """In the child: read every page, print the figures."""
    logging.disable(logging.CRITICAL)
    read = READERS[name]()
    bodies = [path.read_bytes() for path in pages()]
    read(bodies[0])  # what is imported or built once is not a page's cost
    times = [min(_milliseconds(read, body) for _ in range(ROUNDS)) for body in bodies]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p95 = statistics.quantiles(times, n=20)[-1]
    print(json.dumps({"pages": len(times), "median_ms": statistics.median(times), "p95_ms": p95, "peak_mib": peak}))


def _milliseconds(read: Callable[[bytes], object], body: bytes) -> float:
    started = time.perf_counter()
    read(body)
    return (time.perf_counter() - started) * 1000


def _report(found: dict[str, dict[str, float]]) -> None:
    print("| reader | pages | median ms | p95 ms | peak MiB |\n|---|--:|--:|--:|--:|")
    for name, figures in found.items():
        median, p95 = figures["median_ms"], figures["p95_ms"]
        print(f"| {name} | {figures['pages']:.0f} | {median:.1f} | {p95:.1f} | {figures['peak_mib']:.0f} |")


# ---- the readers; each is imported in its own child only


def _ours() -> Callable[[bytes], object]:
    from news.extract import read

    return read


def _beautiful_soup() -> Callable[[bytes], object]:
    from bs4 import BeautifulSoup

    def read(body: bytes) -> object:
        box = BeautifulSoup(body, "lxml").select_one("#js_content")
        return box.get_text() if box else ""

    return read


def _trafilatura() -> Callable[[bytes], object]:
    import trafilatura

    return lambda body: trafilatura.bare_extraction(body, with_metadata=True)


def _newspaper() -> Callable[[bytes], object]:
    import newspaper  # type: ignore[import-not-found,unused-ignore]

    def read(body: bytes) -> object:
        article = newspaper.Article("https://mp.weixin.qq.com/s/x", language="zh", fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        return article.text

    return read


READERS: dict[str, Callable[[], Callable[[bytes], object]]] = {
    "news.extract": _ours,
    "BeautifulSoup": _beautiful_soup,
    "trafilatura": _trafilatura,
    "newspaper4k": _newspaper,
}

if __name__ == "__main__":
    main()
