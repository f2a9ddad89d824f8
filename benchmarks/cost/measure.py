"""CPU seconds of one function for one generator, at a sixteenth, a quarter and the whole of the function's cap."""

import gc
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.cost.hostile import Hostile

STEP = 4  # each size is four times the one before
STEPS = 2
MOST_GROWTH = 5.0  # of the time, for a step
FLOOR_S = 0.05
"""Growth is told of what takes longer: below, the first call's imports and the processor's caches grow by more than
five. Nothing hides there: what takes less for a quarter takes 0.8 s for the whole even if it is quadratic, and a text
can be no larger than the whole."""
MOST_S = 1.0  # at the cap
TRIES, REST_S = 5, 0.5  # the minimum counts; only what looks bad is measured again


@dataclass(frozen=True)
class Probe:
    """A function that takes outside text: `run` calls it, `cap` is the greatest size that the product gives it.

    `why` names what keeps the text within the cap; `own` are generators that almost match its patterns. `label` tells
    several probes of one function apart.
    """

    function: str
    run: Callable[[str], object]
    cap: int
    why: str
    own: Sequence[Hostile] = ()
    label: str = ""

    @property
    def name(self) -> str:
        return f"{self.function} ({self.label})" if self.label else self.function


@dataclass(frozen=True)
class Cost:
    """What was measured: seconds at each size. `is_cut`: greater sizes were not tried."""

    generator: str
    seconds: tuple[float, ...]
    is_cut: bool = False

    @property
    def at_cap(self) -> float:
        return self.seconds[-1]

    @property
    def growth(self) -> float:
        """The worst growth of a step; times below the floor count as the floor."""
        floored = [max(FLOOR_S, one) for one in self.seconds]
        return max((after / before for before, after in pairwise(floored)), default=1.0)

    @property
    def is_good(self) -> bool:
        return not self.is_cut and self.at_cap <= MOST_S and self.growth <= MOST_GROWTH


def cost(probe: Probe, hostile: Hostile, refusals: tuple[type[Exception], ...], cap: int | None = None) -> Cost:
    """The cost of a probe for a generator; a refusal of the text is a result as any other."""
    whole = cap or probe.cap
    sizes = [max(1, whole // STEP ** (STEPS - step)) for step in range(STEPS + 1)]
    texts = [hostile.text(size) for size in sizes]
    seconds: list[float] = []
    for text in texts:
        seconds.append(_seconds(probe, text, refusals))
        if seconds[-1] > STEP * MOST_S:
            return Cost(hostile.name, tuple(seconds), len(seconds) <= STEPS)
    for again in range(TRIES - 1):
        if Cost(hostile.name, tuple(seconds)).is_good:
            break
        time.sleep(REST_S * again)  # what else the machine does may be over by then
        seconds = [min(one, _seconds(probe, text, refusals)) for one, text in zip(seconds, texts, strict=True)]
    return Cost(hostile.name, tuple(seconds))


def _seconds(probe: Probe, text: str, refusals: tuple[type[Exception], ...]) -> float:
    """Without the collector of cycles: its runs go over all that the process holds, not only over this text's."""
    gc.disable()
    try:
        began = time.process_time()
        with suppress(*refusals):
            probe.run(text)
        return time.process_time() - began
    finally:
        gc.enable()
