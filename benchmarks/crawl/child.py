"""One fetch or one reading in a process of its own, whose peak memory and CPU time are then known: a JSON line.

    python -m benchmarks.crawl.child fetch|naive PORT PATH HOST      python -m benchmarks.crawl.child read|rewrite FILE

Peak memory is VmHWM of /proc: ru_maxrss begins at the size of the parent that forked.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_BASE = Path(__file__).resolve().parent.parent.parent


def measured(*words: object) -> dict[str, Any]:
    """Run this module with `words`; what it printed: outcome, mebibytes, cpu_s."""
    command = [sys.executable, "-m", "benchmarks.crawl.child", *map(str, words)]
    done = subprocess.run(command, cwd=_BASE, capture_output=True, text=True, check=False, timeout=180)
    if done.returncode:
        return {"outcome": f"exit {done.returncode}: {done.stderr[-200:]}", "mebibytes": 10**6, "cpu_s": 10**6}
    return dict(json.loads(done.stdout))


def main() -> None:
    kind, *words = sys.argv[1:]
    makers: dict[str, Any] = {"fetch": _fetching, "naive": _naive, "read": _reading, "rewrite": _rewriting}
    work = makers[kind](*words)
    before, began = _peak(), time.process_time()
    outcome = work()
    took = time.process_time() - began
    print(json.dumps({"outcome": outcome, "mebibytes": _peak() - before, "cpu_s": took}))


def _peak() -> int:
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024  # type: ignore[index]


def _fetching(port: str, path: str, host: str) -> Any:
    from django.conf import settings

    settings.configure(
        CRAWL_PROXY="", CRAWL_CA_BUNDLE="", CRAWL_USER_AGENT="x", CRAWL_MAX_BYTES=5 * 2**20, CRAWL_TIMEOUT=20.0
    )
    from news.http import FetchError, Guard, fetch

    guard = Guard(lambda host: ["127.0.0.1"], lambda address: address == "127.0.0.1", frozenset({int(port)}))

    def ask(path: str = path) -> str:
        try:
            return str(fetch(f"http://{host}:{port}{path}", guard=guard).status)
        except FetchError as error:
            return str(error.reason)

    ask("/warm")
    return ask


def _naive(port: str, path: str, host: str) -> Any:
    import httpx2

    def ask(path: str = path) -> str:
        return str(httpx2.get(f"http://127.0.0.1:{port}{path}", timeout=60).status_code)

    ask("/warm")
    return ask


def _reading(file: str) -> Any:
    from news.extract import read

    body = Path(file).read_bytes()
    read(b"<title>Warm</title><p>Warm.</p>", url="https://example.com/", content_type="text/html")

    def work() -> str:
        page = read(body, url="https://example.com/", content_type="text/html")
        return " ".join(filter(None, (f"state {page.state}", page.reason, f"{len(page.text)} characters")))

    return work


def _rewriting(file: str) -> Any:
    import django

    django.setup()
    from news.pictures.raster import Unfit, rewrite

    body = Path(file).read_bytes()

    def work() -> str:
        try:
            return rewrite(body).kind
        except Unfit as unfit:
            return unfit.reason

    return work


if __name__ == "__main__":
    main()
