"""`make prove-duplicates`: copies made by program from the corpus, looked for by the product's own filing.

Every page of ../shared/corpus that our extractor reads, and every item of the past issues there, is filed; then copies
of each are made in every way of news/evaluate/variants.py and looked for among all of them. Exits 1 when recall is
below .98 or precision below .99, 2 where ../shared (or JIANBAO_SHARED) is missing. Nothing stays in the database.
BENCH="--short" takes the pages alone.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
RECALL, PRECISION = 0.98, 0.99


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="the WeChat pages alone")
    given = parser.parse_args()
    corpus = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared") / "corpus"
    folder = corpus / "wechat" if given.short else corpus
    if not folder.is_dir():
        print(f"prove-duplicates: no {folder}; set JIANBAO_SHARED to the folder that has corpus/", file=sys.stderr)
        return 2
    from digest import embedded

    embedded.hold()
    try:
        report = _measured(folder)
    finally:
        embedded.release()
    _show(report)
    recall, precision = report.figures["recall"].value, report.figures["precision"].value
    return 0 if recall >= RECALL and precision >= PRECISION else 1


def _measured(folder: Path) -> Any:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    django.setup()
    from django.core.management import call_command
    from tqdm import tqdm

    from news.evaluate import duplicates

    call_command("migrate", verbosity=0)
    with tqdm(unit="text", disable=None, leave=False) as bar:

        def progress(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        return duplicates.on_file(folder, None, progress)


def _show(report: Any) -> None:
    print(f"{report.details['originals']} texts, {report.cases} copies made of them\n")
    print("| change | copies | found | recall | taken for another |\n|---|---|---|---|---|")
    for kind, row in report.details["by_kind"].items():
        share = f"{row['found'] / row['copies']:.3f}" if row["copies"] else "–"
        print(f"| {kind} | {row['copies']} | {row['found']} | {share} | {row['wrong']} |")
    for name, least in (("recall", RECALL), ("precision", PRECISION)):
        figure = report.figures[name]
        print(f"\n{name} {figure.value:.4f} [{figure.low:.4f}, {figure.high:.4f}]; at least {least} is promised")
    for wrong in report.details["wrong"]:
        print(f"wrong: {wrong['of']} ({wrong['kind']}) taken for {wrong['taken_for']}: {wrong['why']}")


if __name__ == "__main__":
    sys.exit(main())
