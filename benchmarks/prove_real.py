"""`make prove-real`: the whole way on real pages, as a ledger. `--kill 3` does it again and kills the workers.

The corpus of ../shared (or JIANBAO_SHARED) is answered by its replica of the web; everything else is the product as it
runs: PostgreSQL, Valkey, Celery workers and scheduler, gunicorn, and a real SMTP server that keeps what it is sent.
Exits 0 when nothing was lost, doubled or wrongly stored; 1 otherwise; 2 where the corpus is missing.
"""

import argparse
import sys

from benchmarks.real.corpus import Corpus, CorpusMissing
from benchmarks.real.ledger import Ledger, faults
from benchmarks.real.run import run_once


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--kill", type=int, default=0, metavar="N", help="kill -9 the workers N times on the way")
    given = ask.parse_args()
    try:
        corpus = Corpus.find()
    except CorpusMissing as missing:
        print(f"prove-real: {missing}", file=sys.stderr)
        sys.exit(2)
    plain = run_once(corpus, kills=0)
    ledgers: dict[str, Ledger] = {"undisturbed": plain}
    if given.kill:
        ledgers[f"killed {given.kill}×"] = run_once(corpus, kills=given.kill)
    found = [f"{name}: {fault}" for name, ledger in ledgers.items() for fault in faults(ledger)]
    for name, ledger in ledgers.items():
        print(f"\n== {name}\n{ledger.table()}")
        if ledger != plain:
            found.append(f"{name}: the ledger differs from the undisturbed run")
            print("\n".join(f"   differs: {line}" for line in ledger.differences(plain)))
    print("\n".join(["", *found]) if found else "\n0 failure pages stored as articles, 0 lost, 0 double")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
