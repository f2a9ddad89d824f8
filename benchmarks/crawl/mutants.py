"""C7 in short: the proof of mutated pages (benchmarks/mutations.py), with fewer of them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.crawl.table import Trial

COUNT = 600
_BASE = Path(__file__).resolve().parent.parent.parent


def trials() -> Iterator[Trial]:
    what = f"{COUNT} mutated pages; `make prove-mutations` has 5,000"
    yield Trial("C7", what, "0 raised, 0 partial articles; the control has some", _mutated)


def _mutated() -> tuple[str, bool]:
    """It runs in a process of its own; its exit status is its verdict on itself and on its control."""
    command = [sys.executable, "-m", "benchmarks.mutations", "--count", str(COUNT)]
    done = subprocess.run(command, cwd=_BASE, capture_output=True, text=True, check=False)
    last = [line.strip() for line in re.sub(r"[|*-]+", " ", done.stdout).splitlines() if line.strip()]
    return f"exit {done.returncode}: {' / '.join(' '.join(line.split()) for line in last[-2:])}", done.returncode == 0
