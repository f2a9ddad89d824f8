"""`make prove-crawl`: every attack case of the crawl and the protocols C1 to C8, each run, with its negative controls.

Prints one table: id, what is done, what is expected, what was got. Exits 0 when every row is as expected, 1 otherwise,
2 where ../shared (or JIANBAO_SHARED), which holds the cases, is missing. Everything happens on loopback.

    python -m benchmarks.prove_crawl [--only SSRF-1 C5]      the rows whose id begins so
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crawl.cases import Cases
from benchmarks.crawl.place import own_place
from benchmarks.crawl.table import Row, Trial, markdown, run_all

if TYPE_CHECKING:
    from benchmarks.crawl.door import Tally

BASE = Path(__file__).resolve().parent.parent


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", nargs="*", default=[], metavar="ID")
    only = tuple(ask.parse_args().only)
    shared = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")
    if not (shared / "attack_cases.json").exists():
        print(f"prove-crawl: no attack_cases.json in {shared}; set JIANBAO_SHARED", file=sys.stderr)
        sys.exit(2)
    began = time.monotonic()
    with own_place():
        rows = _rows(Cases(shared), shared, only)
    print(markdown(rows))
    wrong = [row.trial.name for row in rows if not row.is_right]
    print(f"\n{len(rows) - len(wrong)} of {len(rows)} rows as expected, {time.monotonic() - began:.0f} s")
    if wrong:
        print(f"wrong: {', '.join(wrong)}")
    sys.exit(1 if wrong else 0)


def _rows(cases: Cases, shared: Path, only: tuple[str, ...]) -> list[Row]:
    from benchmarks.crawl.door import Tally

    tally = Tally()
    trials = [*_trials(cases, shared, tally)]
    trials += [_unanswered(name) for name in sorted(cases.missing(trial.name for trial in trials))]
    chosen = [trial for trial in trials if not only or trial.name.startswith(only)]
    with tally.listening_to_the_log():
        return run_all(chosen)


def _trials(cases: Cases, shared: Path, tally: "Tally") -> list[Trial]:
    from benchmarks.crawl import bodies, crowd, dynamic, mutants, pages, pictures, reading, rebind, ssrf, storm, walls

    return [
        *ssrf.trials(cases, tally),
        *dynamic.trials(cases, tally),
        *ssrf.controls(tally),
        *bodies.trials(cases, tally),
        *reading.trials(cases),
        *pages.trials(cases),
        *crowd.trials(cases),
        *rebind.trials(tally),
        *storm.trials(),
        *walls.trials(shared),
        *mutants.trials(),
        *pictures.trials(cases),
    ]


def _unanswered(name: str) -> Trial:
    return Trial(name, "a case of the file", "a trial", lambda: ("no trial answers this case", False))


if __name__ == "__main__":
    main()
