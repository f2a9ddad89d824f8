"""How often something was written about, over issues or longer periods, as the bars of a small picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

MOST_BARS = 30
WIDTH, HEIGHT, GAP = 300.0, 60.0, 0.25  # of the picture, in its own units; the gap is a part of a bar's room
LEAST = 1.5  # the height of nothing: a line on the ground, so that an issue without it is not mistaken for no issue


@dataclass(frozen=True)
class Period:
    """An issue, or all issues of a month, a quarter or a year."""

    label: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    of: int  # items in all
    x: float
    y: float
    width: float
    height: float

    @property
    def percent(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0


@dataclass(frozen=True)
class Course:
    """The bars, and where the highest of them stands."""

    bars: tuple[Bar, ...]
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def peak(self) -> Bar:
        return max(self.bars, key=lambda bar: (bar.percent, bar.count))

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)


def periods(days: Sequence[date]) -> list[Period]:
    """The issues by their days, oldest first; joined to months, quarters or years where they are too many to draw."""
    ordered = sorted(days)
    for key in (_day, _month, _quarter):
        grouped = _group(ordered, key)
        if len(grouped) <= MOST_BARS:
            return grouped
    return _group(ordered, _year)[-MOST_BARS:]


def course(parts: Sequence[Period], counts: Mapping[date, int], totals: Mapping[date, int]) -> Course | None:
    """Shares as bars: the highest fills the picture. None where there is no issue yet."""
    if not parts:
        return None
    rows = [(part.label, _sum(counts, part), _sum(totals, part)) for part in parts]
    top = max(count / (of or 1) for _label, count, of in rows) or 1.0
    room = WIDTH / len(rows)
    return Course(tuple(_bar(row, place * room, room, top) for place, row in enumerate(rows)))


def tally(pairs: Sequence[tuple[date, int]]) -> Counter[date]:
    """Counts by the day of the issue."""
    counted: Counter[date] = Counter()
    for day, count in pairs:
        counted[day] += count
    return counted


def _sum(counts: Mapping[date, int], part: Period) -> int:
    return sum(counts.get(day, 0) for day in part.days)


def _bar(row: tuple[str, int, int], left: float, room: float, top: float) -> Bar:
    label, count, of = row
    height = max(LEAST, count / (of or 1) / top * HEIGHT)
    x, y, width = left + room * GAP / 2, HEIGHT - height, room * (1 - GAP)
    return Bar(label, count, of, round(x, 2), round(y, 2), round(width, 2), round(height, 2))


def _group(days: Sequence[date], key: Callable[[date], str]) -> list[Period]:
    found: dict[str, list[date]] = {}
    for day in days:
        found.setdefault(key(day), []).append(day)
    return [Period(label, tuple(members)) for label, members in found.items()]


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _quarter(day: date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"


def _year(day: date) -> str:
    return str(day.year)
