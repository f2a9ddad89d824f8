"""What was measured, as Markdown: a column a size, and how many times as much ten times the articles cost. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import log10
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benchmarks.scale.measure import Figures

Runs = list[tuple[int, dict[str, float], "Figures"]]


def table(runs: Runs) -> str:
    """Times as p50 / p95 in milliseconds; sizes in MiB; the last column is the growth for ten times as many."""
    sizes = [size for size, _, _ in runs]
    lines = [f"| | {' | '.join(f'{size:,}' for size in sizes)} | ×10 |", "|---|" + "---|" * (len(runs) + 1)]
    lines += [_row(f"{name}, ms", _times(runs, name), sizes) for name in runs[0][2].times]
    for count in (10, 50):
        cells = [f"{figures.recall[count]:.3f}" for _, _, figures in runs]
        lines.append(f"| recall@{count} of the nearest | {' | '.join(cells)} | – |")
    lines += list(_by_name(runs, "{}, MiB", lambda seconds, figures: {k: v / 2**20 for k, v in figures.sizes.items()}))
    lines += list(_by_name(runs, "building {}, s", lambda seconds, figures: seconds))
    scans = sorted({scan for _, _, figures in runs for scan in figures.scans})
    return "\n".join(
        [*lines, "", *([f"- reads all of {scan}" for scan in scans] or ["No statement reads a whole table."])]
    )


def _times(runs: Runs, name: str) -> list[tuple[float, str]]:
    found = []
    for _, _, figures in runs:
        middle, late = np.percentile(figures.times[name], [50, 95])
        found.append((float(middle), f"{middle:.1f} / {late:.1f}"))
    return found


def _by_name(runs: Runs, title: str, of: Callable[[dict[str, float], Figures], dict[str, float]]) -> Iterator[str]:
    largest = of(*runs[-1][1:])
    for name in sorted(largest, key=lambda name: -largest[name])[:8]:
        values = [of(seconds, figures).get(name) for _, seconds, figures in runs]
        cells = [(value or 0.0, "–" if value is None else f"{value:,.1f}") for value in values]
        yield _row(title.format(name), cells, [size for size, _, _ in runs])


def _row(name: str, cells: list[tuple[float, str]], sizes: list[int]) -> str:
    first, last = cells[0][0], cells[-1][0]
    steps = log10(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0
    growth = f"{(last / first) ** (1 / steps):.1f}" if steps and first and last else "–"
    return f"| {name} | {' | '.join(text for _, text in cells)} | {growth} |"
