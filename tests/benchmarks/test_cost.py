"""The proof of what hostile text costs, in short: no function is left out, and none grows faster than its text."""

import pytest

from benchmarks.cost.control import CONTROL
from benchmarks.cost.exempt import EXEMPT
from benchmarks.cost.hostile import COMMON, Hostile
from benchmarks.cost.measure import Cost, Probe, cost
from benchmarks.cost.registry import probes
from benchmarks.cost.registry.caps import REFUSALS
from benchmarks.cost.source import functions_of_text, of_module
from benchmarks.cost.table import Row, generators, line

EXEMPTED = [name for names in EXEMPT.values() for name in names.split()]
SHORT = 16_000  # characters
"""Of this size a quadratic function takes seconds, and sixteen times as long as for a quarter."""
EVERY = 12
"""One generator in so many is run here, others for each function; `make prove-cost` runs all of them at every cap."""
GENEROUS = 12.0  # of growth a step: 4 where the time grows with the text, 16 where it grows with its square


def test_every_function_of_text_is_measured_or_exempted_with_a_reason() -> None:
    measured = {probe.function for probe in probes()}
    found = functions_of_text()
    assert found - measured - set(EXEMPTED) == set()
    assert set(EXEMPTED) - found == set()  # none that is no more
    assert set(EXEMPTED) & measured == set()
    assert len(EXEMPTED) == len(set(EXEMPTED))


def test_what_takes_text_is_told_from_the_source() -> None:
    source = """
def read(body: bytes, *, url: str = "") -> int: ...
def count(number: int) -> str: ...
def _inner(text: str) -> None: ...
def many(texts: "Iterable[str]") -> None: ...
class Reader:
    def read(self, given: str | None) -> None: ...
    def _read(self, given: str) -> None: ...
class _Hidden:
    def read(self, given: str) -> None: ...
"""
    assert list(of_module(source)) == ["read", "many", "Reader.read"]


def test_each_function_has_twelve_generators_and_a_cap() -> None:
    rows = probes()
    assert min(len({one.name for one in generators(probe)}) for probe in rows) >= 12
    assert len({probe.name for probe in rows}) == len(rows)
    assert all(probe.cap > 0 and probe.why for probe in rows)


def test_a_generator_fills_the_size_that_is_asked_for() -> None:
    assert [len(one.text(size)) for one in COMMON for size in (1, 100, 1001)] == [1, 100, 1001] * len(COMMON)
    assert Hostile("brackets", ")", "http://a.cn/").text(15) == "http://a.cn/)))"


def test_the_control_fails() -> None:
    found = cost(CONTROL, CONTROL.own[0], REFUSALS, 64_000)
    assert not found.is_good
    assert found.growth > 5 or found.is_cut


def test_what_is_bad_and_what_a_table_says() -> None:
    assert Cost("a", (0.001, 0.01, 0.04)).is_good  # below the floor
    assert Cost("a", (0.1, 0.4, 1.0)).is_good
    assert not Cost("a", (0.1, 0.4, 1.01)).is_good
    assert not Cost("a", (0.06, 0.31, 0.4)).is_good
    assert not Cost("a", (0.1, 4.5), is_cut=True).is_good
    probe = Probe("a.b", len, 2000, "MOST")
    good = Row(probe, [Cost("x", (0.1, 0.1, 0.4))])
    assert line(good) == "| a.b | 2,000 | MOST | 1 | x | 0.40 | 4.0 | as expected |"
    bad = Row(probe, [Cost("x", (1.0, 9.0), is_cut=True)])
    assert line(bad) == "| a.b | 2,000 | MOST | 1 | x | > 9.00 | 9.0 | **WRONG** |"


@pytest.mark.parametrize(("place", "probe"), list(enumerate(probes())), ids=lambda value: getattr(value, "name", ""))
def test_no_function_grows_with_the_square_of_its_text(place: int, probe: Probe) -> None:
    slow = []
    for hostile in list(generators(probe))[place % EVERY :: EVERY]:
        found = cost(probe, hostile, REFUSALS, min(probe.cap, SHORT))
        if found.growth > GENEROUS:
            slow.append((hostile.name, found.seconds))
    assert slow == []
