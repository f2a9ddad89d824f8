"""`make bench-scale`: an archive of our own making grows, and at each size filing and searching are timed.

    python -m benchmarks.scale [--sizes 10000,100000,1000000] [--tries 60] [--letters 600] [--short]

A scratch PostgreSQL (the embedded one, in a temporary folder, gone afterwards) is filled by COPY: texts by
Zipf's law, vectors that lie as e5's do, ten years, two articles an event. `--short` takes 2,000 and 10,000 articles.
Prints Markdown; progress goes to standard error. One million takes an hour on two cores, half of it at `--letters 300`:
most of that is the index of words.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.scale.ground import BUILD_MEMORY, BUILD_WORKERS, ground

if TYPE_CHECKING:
    from benchmarks.scale.measure import Figures

QUERIES, MOST = 60, 50


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sizes", default="10000,100000", help="articles, smallest first (default: %(default)s)")
    ask.add_argument("--tries", type=int, default=60, help="how often each thing is done (default: %(default)s)")
    ask.add_argument("--letters", type=int, default=600, help="middle length of a text (default: %(default)s)")
    ask.add_argument("--short", action="store_true", help="2,000 and 10,000 articles, 20 tries")
    given = ask.parse_args()
    sizes, tries = ([2_000, 10_000], 20) if given.short else (sorted(map(int, given.sizes.split(","))), given.tries)
    with ground():
        from benchmarks.scale import table

        print(_conditions(given.letters))
        runs = []
        try:
            for run in _run(sizes, tries, given.letters):
                runs.append(run)
        finally:  # also when it is broken off: the sizes that are done took long enough
            if runs:
                print(table.table(runs))


def _conditions(letters: int) -> str:
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores. Texts of {letters} letters in "
        f"the middle. Indexes built with maintenance_work_mem {BUILD_MEMORY} and {1 + BUILD_WORKERS} processes; fsync "
        "off, shared_buffers 128 MB; vectors are given: encoding is apart (`make bench-embed`).\n"
    )


def _run(sizes: list[int], tries: int, letters: int) -> Iterator[tuple[int, dict[str, float], Figures]]:
    from tqdm import tqdm

    from benchmarks.scale.archive import Archive
    from benchmarks.scale.measure import measure
    from benchmarks.scale.vectors import Cloud, Truth
    from news.embed.serving import serving_revision

    cloud = Cloud(sizes[-1], seed=1)
    queries = cloud.tellings(cloud.events(QUERIES))
    archive = Archive(sizes[-1], Truth(queries, MOST), serving_revision(), cloud, letters)
    with tqdm(total=sizes[-1], unit=" articles", file=sys.stderr) as bar:
        for size in sizes:
            archive.grow(size, bar)
            bar.set_postfix_str(f"measuring {size:,}")
            yield size, archive.seconds, measure(archive, tries)


if __name__ == "__main__":
    main()
