"""`make prove-faults`: the real product crawls the corpus over the replica of the web while the web misbehaves.

Two worker processes of two children each and the scheduler run as on a real site; the replica answers 503 and 429
with Retry-After, slowly, cut short, not at all, with a bomb, with a redirect to a metadata address, and with the
verification page where it is asked more than thirty times a minute. Judged is what the replica saw (its ledger, not our
logs): never two requests to one host at a time, never closer than the pace, none during a Retry-After; no wall stored,
every good page there in the end. Retries that our rules put off for minutes or hours are brought forward in the
database, pauses of a minute or less never. A crawler of four threads without turns is the control: it must violate.

Exits 0 when all held, 1 otherwise, 2 where ../shared (or JIANBAO_SHARED) is missing.
"""

import json
import ssl
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tqdm import tqdm

from benchmarks.crawl.ledger import Manners, judge, read_ledger
from benchmarks.real.corpus import BASE, Corpus, CorpusMissing, Page, free_port
from benchmarks.real.site import Site, site
from news.canonical import canonicalise

PACE_S, PATIENCE_S, FAR_MINUTES = 2.0, 540, 1.0
RETRY_AFTER_S = (12, 8)
PER_MINUTE = 30
ARRIVED = ("read", "embedded", "filed", "summarised")
WECHAT, BAIDU = "mp.weixin.qq.com", "baijiahao.baidu.com"


@dataclass(frozen=True)
class Plan:
    """The faults, and the pages that none can bring: the bomb's and the redirect's."""

    faults: list[dict[str, Any]]
    lost: frozenset[str]


def main() -> None:
    try:
        corpus = Corpus.find()
    except CorpusMissing as missing:
        print(f"prove-faults: {missing}", file=sys.stderr)
        sys.exit(2)
    plan = _plan(corpus)
    rows = [*_product(corpus, plan), *_control(corpus)]
    print("| what the replica saw | expected | got | verdict |\n|---|---|---|---|")
    for what, expected, got, right in rows:
        print(f"| {what} | {expected} | {got} | {'as expected' if right else '**WRONG**'} |")
    sys.exit(0 if all(right for *_, right in rows) else 1)


def _plan(corpus: Corpus) -> Plan:
    good = [page.url for page in corpus.expected().values() if page.states == ("ok",) and WECHAT in page.url]
    slow, cut, reset, bomb, inward, moved, target, limited = good[:8]
    wall = corpus.shared / "corpus" / "wechat_failure" / "verify_2026a.html"
    faults: list[dict[str, Any]] = [
        {"url_contains": _key(slow), "kind": "slow", "seconds": 40, "first": 1},
        {"url_contains": _key(cut), "kind": "truncate", "bytes": 20_000, "first": 2},
        {"url_contains": _key(reset), "kind": "reset", "first": 2},
        {"url_contains": _key(bomb), "kind": "bomb", "mebibytes": 512},
        {"url_contains": _key(inward), "kind": "redirect", "to": "http://169.254.169.254/latest/meta-data/"},
        {"url_contains": _key(moved), "kind": "redirect", "to": target, "first": 1},
        {"url_contains": _key(limited), "kind": "status", "status": 429, "retry_after": RETRY_AFTER_S[1], "first": 1},
        {"host": BAIDU, "kind": "status", "status": 503, "retry_after": RETRY_AFTER_S[0], "first": 3},
        {"host": WECHAT, "kind": "verify", "per_minute": PER_MINUTE, "file": str(wall)},
    ]
    return Plan(faults, frozenset({canonicalise(bomb), canonicalise(inward)}))


def _key(url: str) -> str:
    """The part of an address that no other page has."""
    return url.split("mid=")[1].split("&idx")[0] if "mid=" in url else url.rsplit("/", 1)[1]


@contextmanager
def _replica(corpus: Corpus, faults: list[dict[str, Any]], folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """Its proxy address, its authority's certificate and its ledger."""
    port, authority, ledger = free_port(), folder / "replica-ca.pem", folder / "ledger.jsonl"
    order = folder / "faults.json"
    order.write_text(json.dumps(faults), encoding="utf-8")
    ledger.touch()
    words = [sys.executable, "-m", "benchmarks.crawl.watched", str(corpus.shared), str(authority), str(order)]
    process = subprocess.Popen([*words, str(ledger), str(port)], cwd=BASE, stdout=subprocess.PIPE, text=True)
    try:
        if not process.stdout or "watching" not in process.stdout.readline():
            raise RuntimeError("the replica did not start")
        yield f"http://127.0.0.1:{port}", authority, ledger
    finally:
        process.terminate()
        process.wait()


Row = tuple[str, str, str, bool]


def _product(corpus: Corpus, plan: Plan) -> Iterator[Row]:
    settings = {"CRAWL_PACE": str(PACE_S), "LEASE_SECONDS": "60", "LOG_LEVEL": "WARNING"}
    with site(settings) as here, _replica(corpus, plan.faults, here.var) as (proxy, authority, ledger):
        here.environment |= {"CRAWL_PROXY": proxy, "CRAWL_CA_BUNDLE": str(authority)}
        began = time.monotonic()
        moved = _crawl(corpus, plan, here)
        took = time.monotonic() - began
        articles = here.ask("articles")
        seen = read_ledger(ledger)
    found = judge(seen, PACE_S)
    print("\n".join(found.told), file=sys.stderr)
    yield from _manners(found, {request.host for request in seen})
    yield from _arrivals(corpus, plan, articles)
    words = ", ".join(f"{name} {count}" for name, count in sorted(moved.items())) or "nothing"
    yield (
        f"the clock was moved for (waits over {FAR_MINUTES:g} min only); seconds in all",
        "-",
        f"{words}; {took:.0f} s",
        True,
    )


def _crawl(corpus: Corpus, plan: Plan, here: Site) -> Counter[str]:
    here.ask("prepare")
    for name in ("worker", "second", "scheduler"):
        here.start(name)
    here.ask("paste", text=corpus.chat())
    expected, moved = corpus.expected(), Counter[str]()
    hopeful = [url for url, page in expected.items() if page.states == ("ok",) and url not in plan.lost]
    deadline = time.monotonic() + PATIENCE_S
    with tqdm(total=len(expected), unit="page", desc="crawl among faults") as bar:
        while time.monotonic() < deadline:
            stands = {article["canonical_url"]: article["stage"] for article in here.ask("articles")}
            bar.update(sum(stage != "found" and stage != "fetched" for stage in stands.values()) - bar.n)
            if all(stands.get(url) in ARRIVED for url in hopeful) and not {"found", "fetched"} & set(stands.values()):
                break
            moved.update(here.ask("move_clock", files=hopeful, minutes=FAR_MINUTES))
            time.sleep(1)
    return moved


def _manners(found: Manners, hosts: set[str]) -> Iterator[Row]:
    yield "requests, hosts", "-", f"{found.requests} to {found.hosts}", found.requests > 0
    yield "most requests to one host at a time", "1", str(found.at_a_time), found.at_a_time == 1
    yield (
        f"least pause between two requests to one host (pace {PACE_S:g} s)",
        f">= {PACE_S:g} s",
        f"{found.closest_s:.2f} s, {found.too_close} too close",
        found.too_close == 0,
    )
    yield "requests during a Retry-After", "0", str(found.during_rest), found.during_rest == 0
    yield "most requests for one address", "<= 5", str(found.most_of_one_url), found.most_of_one_url <= 5
    met = ", ".join(f"{name} {count}" for name, count in sorted(found.faults.items()))
    wanted = {"status", "slow", "truncate", "reset", "bomb", "redirect"}
    yield "faults met", "every kind but verify", met, set(found.faults) == wanted
    inside = [host for host in hosts if host.startswith("169.254.")]
    yield "requests for 169.254.169.254", "0", str(len(inside)), not inside


def _arrivals(corpus: Corpus, plan: Plan, articles: list[dict[str, str]]) -> Iterator[Row]:
    expected: dict[str, Page] = corpus.expected()
    got = {article["canonical_url"]: article for article in articles}
    good = [url for url, page in expected.items() if "ok" in page.states and url not in plan.lost]
    arrived = [url for url in good if got.get(url, {}).get("stage") in ARRIVED]
    missing = "; ".join(f"{url[-30:]} {got.get(url)}" for url in good if url not in arrived)
    yield "good pages that arrived in the end", f"{len(good)}", f"{len(arrived)} {missing}".strip(), arrived == good
    walls = [url for url, page in expected.items() if "ok" not in page.states and got[url]["stage"] in ARRIVED]
    failures = sum("ok" not in page.states for page in expected.values())
    yield f"walls and failure pages stored, of {failures}", "0", str(len(walls)), not walls
    lost = sorted(got[url]["drop_reason"] for url in plan.lost)
    yield (
        "the bomb and the redirect inward",
        "dropped: refused, unreadable",
        ", ".join(lost),
        lost == ["refused", "unreadable"],
    )


def _control(corpus: Corpus) -> Iterator[Row]:
    """Four threads that take the next address as soon as they are done with one."""
    faults: list[dict[str, Any]] = [
        {"host": BAIDU, "kind": "status", "status": 503, "retry_after": RETRY_AFTER_S[0], "first": 3},
        {"host": WECHAT, "kind": "slow", "seconds": 1, "first": 8},
    ]
    addresses = [page.url for page in corpus.expected().values()]
    with TemporaryDirectory() as folder, _replica(corpus, faults, Path(folder)) as (proxy, authority, ledger):
        context = ssl.create_default_context(cafile=str(authority))
        handlers = urllib.request.ProxyHandler({"https": proxy}), urllib.request.HTTPSHandler(context=context)
        opener = urllib.request.build_opener(*handlers)
        with ThreadPoolExecutor(4) as pool:
            statuses = list(pool.map(lambda url: _naive(opener, url), addresses))
        time.sleep(0.5)
        found = judge(read_ledger(ledger), PACE_S)
    got = f"{found.at_a_time} at a time, {found.overlapping} overlapping, {found.too_close} too close, "
    got += f"{found.during_rest} during Retry-After, of {len(statuses)}"
    yield (
        "control: four threads without turns",
        "violations",
        got,
        min(found.overlapping, found.too_close, found.during_rest) > 0,
    )


def _naive(opener: urllib.request.OpenerDirector, url: str) -> int:
    try:
        with opener.open(url, timeout=30) as answer:
            answer.read()
            return int(answer.status)
    except OSError:
        return 0


if __name__ == "__main__":
    main()
