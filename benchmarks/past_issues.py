"""How well past issues are read: against what people wrote down of real ones (`make bench-import`).

Needs ../shared: datasets/briefings/gold.jsonl says what each issue holds. Exits with 1 where fewer than 97 % of the
items have their title and link, with 2 where there is nothing to measure on.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")
GOLD = Path("datasets") / "briefings" / "gold.jsonl"
AIM = 0.97
PARTS = ("title", "link", "title and link", "account", "first characters", "last characters")
LIST_MARK = re.compile(r"^[\s>]*(?:[-*+]\s+)?", re.MULTILINE)
LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def main() -> None:
    if not (SHARED / GOLD).exists():
        print(f"{SHARED / GOLD} is not here: nothing to measure on")
        sys.exit(2)
    files, counts = counted(SHARED)
    _print(files, counts)
    sys.exit(0 if counts["title and link"] >= AIM * counts["items"] else 1)


def counted(shared: Path) -> tuple[int, Counter[str]]:
    """How many issues were looked at, and what of their items was read right."""
    rows = [json.loads(line) for line in (shared / GOLD).read_text(encoding="utf-8").splitlines()]
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(measure(row, _text(shared, row["file"])))
    return len(rows), counts


def measure(row: dict[str, Any], text: str) -> Counter[str]:
    """What of one issue was read right, item by item in their order."""
    from digest.briefings.past_issues import read_issue

    issue = read_issue(row["file"], text)
    counts = Counter[str](items=len(row["items"]), read=len(issue.items), dates=str(issue.date) == row["date"])
    counts["extras"] = row["n_extras"]
    told = {_squeezed(extra["title"]) for extra in row["extras"]} if isinstance(row.get("extras"), list) else set()
    counts["extras read"] = len(told & {_squeezed(extra.title) for extra in issue.extras})
    for item, gold in zip(issue.items, row["items"], strict=False):
        counts.update(name for name, right in _right(item, gold) if right)
    return counts


def bare(markdown: str) -> str:
    """A body without marks and white space; the numbers of a list stay."""
    return _squeezed(re.sub(r"[*`~|]|^#+|_(?=_)", "", LINKED.sub(r"\1", LIST_MARK.sub("", markdown)), flags=re.M))


def _right(item: Any, gold: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    title = _squeezed(item.title) in {_squeezed(gold["title"]), _squeezed(gold.get("title_link_text") or "")} - {""}
    link = (item.url or None) in (gold["url"], gold.get("url_target") or gold["url"])
    text = bare(item.text)
    yield from (("title", title), ("link", link), ("title and link", title and link))
    yield "account", (item.account or None) == gold["account"]
    yield "first characters", any(text.startswith(_plain(gold, f"{kind}_first20")) for kind in ("digest", "prose"))
    yield "last characters", any(text.endswith(_plain(gold, f"{kind}_last20")) for kind in ("digest", "prose"))


def _plain(gold: dict[str, Any], name: str) -> str:
    return bare(gold.get(name) or "")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _text(shared: Path, name: str) -> str:
    path = next(iter(sorted(shared.glob("000_*.txt")))) if name == "seed" else shared / "corpus" / "briefings" / name
    return path.read_text(encoding="utf-8")


def _print(files: int, counts: Counter[str]) -> None:
    print(f"| of {counts['items']} items in {files} issues | right | share |\n|---|---|---|")
    for part in PARTS:
        print(f"| {part} | {counts[part]} | {counts[part] / counts['items']:.1%} |")
    print(f"| issues' dates | {counts['dates']} of {files} | {counts['dates'] / files:.1%} |")
    print(f"| link-only entries | {counts['extras read']} of {counts['extras']} | |")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    main()
