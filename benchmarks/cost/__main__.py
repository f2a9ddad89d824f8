"""`make prove-cost`: no function that takes outside text costs more than a second, or grows faster than its text.

Each function of the registry is run on each generator of hostile text, at a sixteenth, a quarter and the whole of the
greatest size that the product gives it. CPU time is measured, the minimum of several runs. A step, which is four times
the text, may cost five times as much; the whole may cost one second. The control is the trimming of links as it was:
it must fail. Prints one row a function; exits 0 only if every row holds and the control fails.

    python -m benchmarks.cost [--only canonical markup]      the functions whose name holds one of these
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context

import django
from tqdm import tqdm


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", nargs="*", default=[], metavar="NAME")
    ask.add_argument("--faults", action="store_true", help="each generator that fails, on standard error")
    ask.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; as many as there are processors")
    ask.add_argument("--all", action="store_true", help="all generators for each function: an hour, and not a quarter")
    given = ask.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    django.setup()
    sys.exit(_prove(given.only, given.faults, given.jobs, given.all))


def _prove(only: list[str], faults: bool, jobs: int, is_all: bool) -> int:
    from benchmarks.cost.control import CONTROL
    from benchmarks.cost.registry import probes
    from benchmarks.cost.table import HEAD, Row, costs_of, line

    began = time.monotonic()
    asked = [*(p for p in probes() if not only or any(part in p.name for part in only)), CONTROL]
    rows: list[Row] = []
    print(HEAD)
    with ProcessPoolExecutor(jobs, get_context("spawn"), django.setup) as pool:
        done = pool.map(costs_of, (probe.name for probe in asked), repeat(is_all))
        for probe, costs in zip(asked, tqdm(done, total=len(asked), disable=None), strict=True):
            rows.append(Row(probe, costs, is_control=probe is CONTROL))
            tqdm.write(line(rows[-1]), file=sys.stdout)
            sys.stdout.flush()  # a run that is stopped has told what it knew
            if faults and not rows[-1].is_right:
                for each in rows[-1].bad:
                    tqdm.write(f"{probe.name}: {each.generator}: {each.seconds}", file=sys.stderr)
    wrong = [row.probe.name for row in rows if not row.is_right]
    print(f"\n{len(rows) - len(wrong)} of {len(rows)} rows as expected, {time.monotonic() - began:.0f} s")
    if wrong:
        print(f"wrong: {', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    main()
