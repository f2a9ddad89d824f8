"""Every function of the product that takes outside text, with the cap that the product applies before it.

A new one belongs here, or in `exempt.py` with a reason; `tests/benchmarks/test_cost.py` compares both with the source.
"""

from benchmarks.cost.measure import Probe
from benchmarks.cost.registry import links, network, pages, paper, sources, stories, texts


def probes() -> list[Probe]:
    """All of them."""
    rooms = (links, pages, sources, network, texts, stories, paper)
    return [probe for room in rooms for probe in room.probes()]
