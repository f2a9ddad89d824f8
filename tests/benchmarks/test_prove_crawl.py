"""The proofs of the crawl in short: a storm, a crowd at one link, a name server that lies; and no case left out."""

from pathlib import Path

import pytest

from benchmarks.crawl import crowd, rebind, storm
from benchmarks.crawl.cases import Cases
from benchmarks.crawl.door import Tally
from benchmarks.crawl.table import Trial, markdown, run_all
from benchmarks.prove_crawl import _trials


def test_every_case_has_a_trial(shared: Path) -> None:
    cases = Cases(shared)
    names = [trial.name for trial in _trials(cases, shared, Tally())]
    assert cases.missing(names) == set()
    assert len(names) == len(set(names))
    assert {name for name in names if name.startswith("C")} >= {f"C{n}" for n in (1, 2, 3, 5, 6, 7)}


def test_a_trial_that_breaks_is_a_wrong_row() -> None:
    rows = run_all(
        [Trial("X-1", "a | b\n", "1", lambda: (str(1 // 0), True)), Trial("X-2", "c", "1", lambda: ("1", True))]
    )
    assert [row.is_right for row in rows] == [False, True]
    assert "| X-1 | a \\| b\\n | 1 | ZeroDivisionError: integer division or modulo by zero | **WRONG** |" in markdown(
        rows
    )


@pytest.mark.django_db(transaction=True)
def test_a_storm_in_short() -> None:
    """C5: 30 addresses and four workers, by a clock that is moved on."""
    found, weather, left = storm.weathered(30)
    assert (found.violations, found.at_a_time, left) == (0, 1, 0)
    assert found.most_of_one_url == 5
    assert storm.spread_of(weather) > 0.2


@pytest.mark.django_db(transaction=True)
def test_a_crowd_in_short() -> None:
    """C6: ten workers, six pages, every spelling."""
    links = [link for number in range(6) for link in crowd.spellings(number)]
    assert crowd.added(links, 10) == 6


def test_rebinding_in_short() -> None:
    """C2: fifty fetches."""
    outcomes, peers, inside = rebind.rebound(Tally(), 51)
    assert outcomes == {"200": 17, "ssrf_policy": 34}
    assert (peers, inside) == ({rebind.OUTSIDE}, 0)
