"""What came of it all: one line an account, right beside wrong."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field


@dataclass
class Ledger:
    addresses: int = 0
    links_found: int = 0
    articles: int = 0
    states: dict[str, list[int]] = field(default_factory=dict)  # state: [expected, got]
    wrong_states: list[str] = field(default_factory=list)
    unfinished: int = 0
    stored: int = 0
    walls_stored: int = 0
    embedded: int = 0
    summaries: int = 0
    filed: int = 0
    topics: int = 0
    duplicates: int = 0
    stories: int = 0
    items: int = 0
    pages: dict[str, int] = field(default_factory=dict)  # address pattern: how many answered 200
    pages_wrong: list[str] = field(default_factory=list)
    subscribers: int = 0
    mails: int = 0
    mails_twice: int = 0
    deliveries_sent: int = 0

    def table(self) -> str:
        rows = [(name.replace("_", " "), value) for name, value in asdict(self).items() if name != "states"]
        lines = [f"{name:<18} {_cell(value)}" for name, value in rows]
        lines.append(f"\n{'state':<18} {'gold expects':>12} {'got':>6}")
        lines += [f"{state:<18} {want:>12} {got:>6}" for state, (want, got) in sorted(self.states.items())]
        return "\n".join(lines)

    def differences(self, other: "Ledger") -> Iterator[str]:
        for (name, mine), theirs in zip(asdict(self).items(), asdict(other).values(), strict=True):
            if mine != theirs:
                yield f"{name}: {theirs} undisturbed, {mine} here"


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return ("; ".join(map(str, value)) or "none") if isinstance(value, list) else str(value)


def faults(ledger: Ledger) -> list[str]:
    """Everything that should not be; empty when the promise held."""
    checks = {
        f"{ledger.addresses - ledger.links_found} links were not found": ledger.links_found != ledger.addresses,
        f"{ledger.unfinished} articles are lost on the way": ledger.unfinished > 0,
        f"{ledger.walls_stored} failure pages are stored as articles": ledger.walls_stored > 0,
        f"states differ from the gold: {ledger.wrong_states}": bool(ledger.wrong_states),
        "not every stored article has its vector": ledger.embedded != ledger.stored,
        "not every stored article has its summary": ledger.summaries != ledger.stored,
        "the briefing has no items": ledger.items == 0,
        f"pages that do not answer: {ledger.pages_wrong}": bool(ledger.pages_wrong),
        f"{ledger.mails} mails for {ledger.subscribers} subscribers": ledger.mails != ledger.subscribers,
        f"{ledger.mails_twice} mails came twice": ledger.mails_twice > 0,
        "deliveries are not all marked as sent": ledger.deliveries_sent != ledger.subscribers,
    }
    return [line for line, wrong in checks.items() if wrong]
