"""Known-item search over real past issues: words alone, meaning alone, both (`make bench-search`).

Needs ../shared: its past issues are read as `manage.py import_issues` reads them, and each item is looked for by a
rewritten title, by a name and by a question made by rule, and by the queries of search_queries.jsonl, which a person
wrote. Exits with 1 where both together do not win over each alone, with 2 where there is nothing to measure on.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")
OWN = Path(__file__).with_name("search_queries.jsonl")
FEWEST_WORDS = re.compile(r"[\d-]+")  # a heading that is a date begins no item


def main() -> None:
    files = sorted((SHARED / "corpus" / "briefings").glob("*.md")) + sorted(SHARED.glob("000_*.txt"))
    if not files:
        print(f"{SHARED} holds no past issues: nothing to measure on")
        sys.exit(2)
    from digest import embedded

    embedded.hold_or_exit()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)  # the measured tables are made like the site's
    sys.exit(0 if _measure(files) else 1)


def _measure(files: list[Path]) -> bool:
    from digest.briefings.evaluate_search import measured
    from digest.briefings.evaluate_search_queries import Query, made
    from digest.briefings.evaluate_search_shelf import Document
    from digest.briefings.past_issues import read_issue

    documents = []
    for file in files:
        name = "seed" if file.name.startswith("000_") else file.name
        items = read_issue(file.name, file.read_text("utf-8")).items
        for place, item in enumerate(items if len(items) > 1 else []):
            if len(item.title) > 5 and not FEWEST_WORDS.fullmatch(item.title):
                title = re.sub(r" #\d+$", "", item.title)
                documents.append(Document(f"{name}#{place}", title, item.text, item.account))
    queries = list(made(documents))
    for line in OWN.read_text("utf-8").splitlines():
        row = json.loads(line)
        meant = [d.key for d in documents if d.key.startswith(f"{row['file']}#") and row["title_has"] in d.title]
        queries += [Query(row["query"], frozenset(meant), "own")] if meant else []
    report = measured(documents, queries, f"{len(documents)} items", _progress)
    print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    gains = [
        report.figures[f"{name}_both_over_{way}"] for name in ("success_at_5", "mrr") for way in ("words", "meaning")
    ]
    return all(gain.value > 0 for gain in gains)


def _progress(done: int, of: int) -> None:
    print(f"\r{done}/{of}", end="\n" if done == of else "", file=sys.stderr)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    main()
