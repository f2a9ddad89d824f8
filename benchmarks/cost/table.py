"""One row a function: its worst generators, and whether all of them hold."""

import gc
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.cost.control import CONTROL
from benchmarks.cost.hostile import COMMON, Hostile
from benchmarks.cost.measure import Cost, Probe, cost
from benchmarks.cost.registry import probes
from benchmarks.cost.registry.caps import REFUSALS

ENOUGH = 12  # generators


@dataclass(frozen=True)
class Row:
    probe: Probe
    costs: Sequence[Cost]
    is_control: bool = False

    @property
    def bad(self) -> list[Cost]:
        return [one for one in self.costs if not one.is_good]

    @property
    def is_right(self) -> bool:
        """A control must fail."""
        return bool(self.bad) == self.is_control


def costs_of(name: str, is_all: bool = False) -> Sequence[Cost]:
    """The costs of the probe of that name: for a process of a pool, which cannot be given a probe."""
    gc.collect()
    probe = next(probe for probe in [*probes(), CONTROL] if probe.name == name)
    return [cost(probe, one, REFUSALS) for one in generators(probe, is_all)]


def generators(probe: Probe, is_all: bool = True) -> Sequence[Hostile]:
    """All that there are for a probe, or about twenty: which of a long list, its name decides.

    Probes of one function, and functions of one another, thus share a list out among them. ENOUGH are left of each
    list at least.
    """
    if is_all or probe is CONTROL:
        return [*COMMON, *probe.own]
    draw = zlib.crc32(probe.name.encode())
    own = probe.own[draw % 2 :: 2] if len(probe.own) >= 2 * ENOUGH else probe.own
    common = COMMON[draw % 3 :: 3] if len(own) >= ENOUGH else COMMON
    return [*common, *own]


HEAD = """| function | cap | capped by | generators | worst generator | CPU s at cap | growth | verdict |
|---|--:|---|--:|---|--:|--:|---|"""


def line(row: Row) -> str:
    """A row of the table under HEAD."""
    slowest = max(row.costs, key=lambda one: one.at_cap)
    growth = max(one.growth for one in row.costs)
    at_cap = f"{'> ' if slowest.is_cut else ''}{slowest.at_cap:.2f}"
    cells = [row.probe.name, f"{row.probe.cap:,}", row.probe.why, str(len(row.costs)), slowest.generator, at_cap]
    cells += [f"{growth:.1f}", "as expected" if row.is_right else "**WRONG**"]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
