"""What every evaluation gives: figures with confidence intervals, as a table for people and one object for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

Row = TypeVar("Row")
Progress = Callable[[int, int], None]  # done, of how many; goes to standard error

RESAMPLES = 1_000
SEED = 20261123  # the same figures from the same data, every time


class BadData(Exception):
    """A file is not what it should be; the message says, in the reader's language, which line and what to do."""


@dataclass(frozen=True)
class Figure:
    """One measured figure; `low` and `high` bound 95 % of the bootstrap's resamples where there was one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass
class Report:
    """What one evaluation found on one set of data. `figures` keep their order; `notes` say what was left out."""

    kind: str
    data: str  # which data, in words: bundled, a file's name, this site's archive
    cases: int
    figures: dict[str, Figure] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    details: dict[str, object] = field(default_factory=dict)  # tables of a kind's own; in --json as they are

    def as_json(self) -> dict[str, object]:
        """Flat: every figure under its name, its interval under `<name>_ci`."""
        flat: dict[str, object] = {"kind": self.kind, "data": self.data, "cases": self.cases}
        for name, figure in self.figures.items():
            flat[name] = round(figure.value, 4)
            if figure.low is not None and figure.high is not None:
                flat[f"{name}_ci"] = [round(figure.low, 4), round(figure.high, 4)]
        return flat | self.details | {"notes": self.notes}


class Evaluation(Protocol):
    """One kind of `manage.py evaluate`; a module of news/evaluate, or of the digest where it needs the paper."""

    def bundled(self, progress: Progress) -> Report:
        """On the small gold that comes with the project."""

    def on_file(self, test: Path, train: Path | None, progress: Progress) -> Report:
        """On a file of the shared data sets' format, after learning from `train` if that is given."""

    def on_archive(self, progress: Progress) -> Report | None:
        """On this site's own articles, by what its editors decided; None where they decided too little."""


def bootstrap(rows: Sequence[Row], measure: Callable[[Sequence[Row]], float], resamples: int = RESAMPLES) -> Figure:
    """`measure(rows)` with its 95 % interval over resampled rows; rows must be the independent units."""
    value = measure(rows)
    if len(rows) < 2:
        return Figure(value)
    dice = np.random.default_rng(SEED)
    drawn = (dice.integers(0, len(rows), len(rows)) for _ in range(resamples))
    values = [measure([rows[index] for index in draw]) for draw in drawn]
    low, high = np.percentile(values, [2.5, 97.5])
    return Figure(value, float(low), float(high))
