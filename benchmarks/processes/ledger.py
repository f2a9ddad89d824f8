"""What came of all rounds: the table, and the ledger of articles and letters."""

from collections import Counter

from benchmarks.processes.rounds import Proof, Row


def table(rows: list[Row]) -> list[str]:
    head = ["what", "times", "without a page", "a search", "database away", "all done after", "lines", "tracebacks"]
    print(f"\n| {' | '.join(head)} |  |\n|---|--:|--:|--:|--:|--:|--:|--:|---|")
    for row in rows:
        times = " | ".join(f"{value:.1f} s" for value in (row.page, row.search, row.database, row.done))
        verdict = "**WRONG**" if row.wrong else "as expected"
        print(f"| {row.name} | {row.rounds} | {times} | {row.lines} | {row.tracebacks} | {verdict} |")
    return [f"{row.name}: {fault}" for row in rows for fault in row.wrong]


def ledger(proof: Proof, control: list[str]) -> list[str]:
    found = list(control)
    told = proof.ask("ledger")
    accepted = Counter(proof.sink.accepted)
    lost = [row for row in told["sent"] if tuple(row) not in accepted]
    doubled = sum(count - 1 for count in accepted.values())
    seen = sum(count - 1 for count in (accepted + Counter([next(iter(accepted))])).values())
    unknown = told["letters"].get("unknown", 0)
    others = {k: n for k, n in told["letters"].items() if k not in ("sent", "unknown")}
    articles = {k: n for k, n in told["articles"].items() if k != "summarised"}
    print(f"\narticles {told['articles']} of {proof.pages.count}; letters {told['letters']}; accepted {len(accepted)}")
    print(f"held for sent and not accepted: {len(lost)}; accepted twice: {doubled}; unknown, for a person: {unknown}")
    print(f"control: with one letter counted twice, accepted twice: {seen}")
    found += [f"{len(lost)} letters are held for sent that no relay took"] if lost else []
    found += [f"{doubled} letters were taken twice"] if doubled else []
    found += [f"letters without an end: {others}"] if others else []
    found += [f"articles without an end: {articles}"] if articles else []
    found += [] if sum(told["articles"].values()) == proof.pages.count else ["articles are missing"]
    found += [] if seen == doubled + 1 else ["the control of doubled letters shows nothing"]
    return found
