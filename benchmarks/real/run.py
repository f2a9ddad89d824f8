"""One run: paste, crawl, process, compose, publish, post; and the ledger of it."""

import time
from collections import Counter
from typing import Any

from tqdm import tqdm

from benchmarks.real.corpus import Corpus
from benchmarks.real.ledger import Ledger
from benchmarks.real.sink import Sink, smtp_sink
from benchmarks.real.site import Site, site

PATIENCE_SECONDS = 900
TELL_SECONDS = 20  # without a step done: then each article that waits is printed, with what it waits for
LEASE_SECONDS = 15  # what a killed worker held comes back after so long


# Keeps the embedded services up between the workers' deaths, as the running web process does on a real site.
HOLD = "import sys; from digest import embedded; embedded.hold_or_exit(); sys.stdin.read()"


def run_once(corpus: Corpus, kills: int) -> Ledger:
    settings = {"CRAWL_PACE": "0", "LEASE_SECONDS": str(LEASE_SECONDS), "LOG_LEVEL": "WARNING"}
    with smtp_sink() as (email_url, sink), site(settings) as here, corpus.replica(here.var) as (proxy, authority):
        here.environment |= {"CRAWL_PROXY": proxy, "CRAWL_CA_BUNDLE": str(authority), "EMAIL_URL": email_url}
        return _run(corpus, here, sink, kills)


def _run(corpus: Corpus, here: Site, sink: Sink, kills: int) -> Ledger:
    ledger = Ledger(addresses=len(corpus.pages))
    ledger.subscribers = here.ask("prepare")
    for name in ("worker", "mail", "gpu", "scheduler", "web"):
        here.start(name)
    ledger.links_found = len(here.ask("paste", text=corpus.chat()))
    _process(here, kills)
    _compare(ledger, corpus, here.ask("articles"))
    for name, value in here.ask("counts").items():
        setattr(ledger, name, value)
    issue = here.ask("publish")
    ledger.items = len(issue["items"])
    here.await_web()
    _read_pages(ledger, here, issue)
    _await_mails(ledger, here, sink)
    return ledger


def _process(here: Site, kills: int) -> None:
    """Wait for the pipeline's end; on the way kill both workers again and again, the first time while they crawl."""
    deadline, killed = time.monotonic() + PATIENCE_SECONDS, 0
    done, total = here.ask("progress")
    moved = time.monotonic()
    with tqdm(total=total, unit="step", desc=f"crawl and process, {kills} kills") as bar:
        while done < total and time.monotonic() < deadline:
            if killed < kills and done >= total * (2 * killed + 1) // (2 * kills + 4):
                for name in ("worker", "gpu"):
                    here.kill(name)
                    here.start(name)
                killed += 1
            time.sleep(0.2)
            done, total = here.ask("progress")
            if done > bar.n:
                moved = time.monotonic()
            elif time.monotonic() - moved > TELL_SECONDS:
                moved = time.monotonic()
                bar.write("\n".join(here.ask("waiting")))
            bar.total = total
            bar.update(done - bar.n)
    if killed < kills:
        raise RuntimeError(f"the work was done before kill {killed + 1} of {kills}: nothing is proven")


def _compare(ledger: Ledger, corpus: Corpus, articles: list[dict[str, str]]) -> None:
    expected = corpus.expected()
    got = {article["canonical_url"]: article for article in articles}
    ledger.articles = len(got)
    want = Counter(page.states[0] for page in expected.values())
    have = Counter(article["state"] or article["stage"] for article in articles)
    ledger.states = {state: [want[state], have[state]] for state in want | have}
    for url, page in expected.items():
        article = got.get(url, {"state": "", "stage": "missing", "drop_reason": "", "error": ""})
        if article["stage"] not in ("summarised", "dropped"):
            ledger.unfinished += 1
        if article["stage"] == "summarised" and "ok" not in page.states:
            ledger.walls_stored += 1
        if article["state"] not in page.states:
            ledger.wrong_states.append(f"{page.file}: {page.states[0]} expected, {article}")


def _read_pages(ledger: Ledger, here: Site, issue: dict[str, Any]) -> None:
    paths = {
        "issue": ["/", f"/issues/{issue['number']}/"],
        "item": [f"/items/{pk}/" for pk, _ in issue["items"]],
        "archive": ["/archive/", f"/archive/{issue['number'][:4]}/"],
        "topic": [f"/topics/{slug}/" for slug in issue["topics"]],
        "feed": ["/feed.rss", "/feed.atom", "/feed.json"],
    }
    for kind, addresses in paths.items():
        for address in addresses:
            try:
                status, _body = here.get(address)
            except OSError as error:
                ledger.pages_wrong.append(f"{address}: {error}")
                continue
            ledger.pages[kind] = ledger.pages.get(kind, 0) + (status == 200)
    _status, home = here.get("/")
    ledger.pages_wrong += [f"/ lacks {url}" for _, url in issue["items"] if url.replace("&", "&amp;") not in home]
    ledger.pages_wrong += [f"blocked: {message}" for message in issue["blocking"]]


def _await_mails(ledger: Ledger, here: Site, sink: Sink) -> None:
    deadline = time.monotonic() + 180
    while here.ask("sent") < ledger.subscribers and time.monotonic() < deadline:
        time.sleep(1)
    time.sleep(3)  # a second copy would come now
    ledger.deliveries_sent = here.ask("sent")
    ledger.mails, ledger.mails_twice = len(sink.accepted), sink.twice
