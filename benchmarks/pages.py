"""`make bench-pages`: pages a minute from URL to filed, at 100 and at 1,000 pages, with the real workers and model.

The corpus's good pages are answered under made-up addresses on forty hosts at pace 0, so that no host holds the rest
up; each has three sentences of its own, so that each is embedded. Worker, gpu worker and scheduler run as on a real
site. Then each stage alone, in one process, over the first hundred: where the time goes. Prints Markdown.

    python -m benchmarks.pages [--counts 100 1000]

Exits 2 where ../shared (or JIANBAO_SHARED) is missing.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from benchmarks.crawl.made_up import address, served
from benchmarks.real.corpus import Corpus, CorpusMissing
from benchmarks.real.site import Site, site

PATIENCE_S = 900
FILED = ("filed", "summarised", "dropped")


@dataclass(frozen=True)
class Run:
    pages: int
    seconds: float
    stands: dict[str, int]
    memory: dict[str, int]  # MiB at most, by process
    cpu_s: dict[str, float]

    @property
    def a_minute(self) -> float:
        return self.pages / self.seconds * 60


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    try:
        shared = Corpus.find().shared
    except CorpusMissing as missing:
        print(f"bench-pages: {missing}", file=sys.stderr)
        sys.exit(2)
    given = ask.parse_args()
    runs = [_run(shared, count) for count in given.counts]
    alone = _alone(shared, min(given.counts))
    print("\n".join([*_table(runs), "", *_shares(alone, min(given.counts))]))


def _run(shared: Path, count: int) -> Run:
    with served(shared, count) as (proxy, authority), site(_settings(proxy, authority)) as here:
        here.ask("prepare")
        for name in ("worker", "gpu", "scheduler"):
            here.start(name)
        time.sleep(8)  # the processes are up, as on a site that runs; the model is loaded with the first page
        began = time.monotonic()
        here.ask("paste", text="\n".join(map(address, range(count))))
        seconds = _await(here, count, began)
        stands = here.ask("stages")
        return Run(count, seconds, stands, _memory(here), _cpu(here))


def _settings(proxy: str, authority: str) -> dict[str, str]:
    return {"CRAWL_PACE": "0", "LOG_LEVEL": "WARNING", "CRAWL_PROXY": proxy, "CRAWL_CA_BUNDLE": authority}


def _await(here: Site, count: int, began: float) -> float:
    with tqdm(total=count, unit="page", desc=f"{count} pages, URL to filed") as bar:
        while (took := time.monotonic() - began) < PATIENCE_S:
            stands = here.ask("stages")
            done = sum(stands.get(stage, 0) for stage in FILED)
            bar.update(done - bar.n)
            if done >= count:
                return took
            time.sleep(0.25)
    raise SystemExit(f"not done in {PATIENCE_S} s: {stands}; see the workers' logs in {here.var}")


def _memory(here: Site) -> dict[str, int]:
    """The peak of the largest process of each group, in MiB."""
    return {name: max(_status(pid, "VmHWM") for pid in _group(here, name)) // 1024 for name in ("worker", "gpu")}


def _cpu(here: Site) -> dict[str, float]:
    tick = os.sysconf("SC_CLK_TCK")
    return {name: sum(_ticks(pid) for pid in _group(here, name)) / tick for name in ("worker", "gpu")}


def _group(here: Site, name: str) -> list[int]:
    """The processes of the session that a worker leads."""
    leader = here.processes[name].pid
    found = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [pid for pid in found if _session(pid) == leader]


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _ticks(pid: int) -> int:
    """Its own CPU time, and that of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def _alone(shared: Path, count: int) -> dict[str, float]:
    """Seconds of each stage over `count` pages, one after the other in one process."""
    with served(shared, count) as (proxy, authority), site(_settings(proxy, authority)) as here:
        here.ask("prepare")
        here.ask("paste", text="\n".join(map(address, range(count))))
        here.ask("drain_timed", stage="warm")
        return {stage: here.ask("drain_timed", stage=stage) for stage in ("found", "fetched", "read", "embedded")}


def _table(runs: list[Run]) -> Iterator[str]:
    yield "| pages | seconds | a minute | filed | peak MiB worker, gpu | CPU s worker, gpu | CPU s a page |"
    yield "|---|---|---|---|---|---|---|"
    for run in runs:
        filed = run.stands.get("filed", 0) + run.stands.get("summarised", 0)
        memory, cpu = run.memory, run.cpu_s
        yield (
            f"| {run.pages:,} | {run.seconds:.0f} | {run.a_minute:.0f} | {filed} | {memory['worker']}, {memory['gpu']} "
            f"| {cpu['worker']:.0f}, {cpu['gpu']:.0f} | {sum(cpu.values()) / run.pages:.2f} |"
        )


def _shares(alone: dict[str, float], count: int) -> Iterator[str]:
    names = {"found": "fetch", "fetched": "read", "read": "embed", "embedded": "file"}
    total = sum(alone.values())
    yield f"Each stage alone, one process, {count} pages (load of the machine {os.getloadavg()[0]:.1f}):"
    yield ""
    yield "| stage | ms a page | share |\n|---|---|---|"
    for stage, seconds in alone.items():
        yield f"| {names[stage]} | {seconds / count * 1000:.0f} | {seconds / total:.0%} |"


if __name__ == "__main__":
    main()
