"""Ways to give a function its hostile text."""

from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.cost.hostile import Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.caps import TITLE


def swapped(function: Callable[[str, Any], object], second: object, given: str) -> object:
    return function(given, second)


def listed(function: Callable[[str], Iterable[object]], given: str) -> object:
    return list(function(given))


def titled(function: Callable[[str, str], object], given: str) -> object:
    return function(given[:TITLE], given)


def of(function: Callable[[str], object], cap: int, why: str, own: tuple[Hostile, ...] = ()) -> Probe:
    return Probe(f"{function.__module__}.{function.__qualname__}", function, cap, why, own)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
