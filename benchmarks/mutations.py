"""`make prove-mutations`: pages cut, flipped, nested and in a wrong charset give a whole article or none at all.

Own golden pages, and the corpus of ../shared where it is. read() must never raise; a page that is no article must never
become one; an article that comes out `ok` must be whole:
  cut      its text and pictures equal those of the unmutated page (the cut took nothing of it), or it is not ok
  charset  as cut: bytes in another charset, or under a header that lies, are the same page or none
  nested   as cut: boxes wrapped around the body or put into it change no text
  flip     single bytes are lost, so the text may differ where they stood: at most 300 characters or a
           tenth of it is missing
A page that is read as truncated or empty to begin with counts for neither. One bit may hit the very flag that says
"paid"; such a flip is not counted.
The control reads the cut pages with BeautifulSoup as one would at first; it must show parts of articles.
"""

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from tqdm import tqdm

from news.extract import Page, read

BASE = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("JIANBAO_SHARED") or BASE.parent / "shared")
SEED = 20260801
CONTROLS = 200
FAULTS = ("raised", "partial", "wall stored")


@dataclass(frozen=True)
class Mutant:
    """A page after an accident: how it came about, and the page as it was."""

    name: str
    how: str
    body: bytes
    content_type: str
    whole: Page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    table, control = Counter[tuple[str, str]](), Counter[str]()
    for mutant in tqdm(mutants(pages(), given.count, given.seed), total=given.count, disable=None, leave=False):
        found = verdict(mutant)
        table[mutant.how, found] += 1
        if found in FAULTS:
            tqdm.write(f"{found}: {mutant.name}, {mutant.how}", file=sys.stderr)
        if mutant.how == "cut" and control.total() < CONTROLS and mutant.whole.site == "wechat":
            control[naive_verdict(mutant)] += 1
    _report(given.seed, table, control)
    if any(table[how, fault] for how in MUTATIONS for fault in FAULTS) or not control["partial"]:
        sys.exit(1)


def pages() -> dict[str, bytes]:
    """Each golden page of ours and each page of the corpus, once."""
    own = sorted((BASE / "tests" / "pages").glob("*/*.html"))
    folders = ("wechat", "wechat_failure", "baidu", "baidu_failure")
    real = [page for folder in folders for page in sorted((SHARED / "corpus" / folder).glob("*.html"))]
    return {f"{page.parent.name}/{page.name}": page.read_bytes() for page in own + real}


def mutants(bodies: dict[str, bytes], count: int, seed: int) -> Iterator[Mutant]:
    """`count` mutants, the pages in turn; the same seed gives the same ones."""
    dice = random.Random(seed)  # noqa: S311
    wholes, names = {name: read(body) for name, body in bodies.items()}, list(bodies)
    for number in range(count):
        name = names[number % len(names)]
        how = dice.choices(list(MUTATIONS), (6, 4, 1, 1))[0]
        body, content_type = MUTATIONS[how](bodies[name], dice)
        yield Mutant(name, how, body, content_type, wholes[name])


def verdict(mutant: Mutant) -> str:
    """What became of it: "refused", "whole", or one of FAULTS."""
    try:
        page = read(mutant.body, content_type=mutant.content_type)
    except Exception:  # noqa: BLE001  # this is what is looked for
        return "raised"
    return _judged(page, mutant)


def _judged(page: Page, mutant: Mutant) -> str:
    if page.state != "ok":
        return "refused"
    if mutant.whole.state != "ok":
        return "whole" if _is_no_wall(mutant) else "wall stored"
    if mutant.how == "flip":
        return "whole" if missing(page.text, mutant.whole.text) <= max(300, len(mutant.whole.text) // 10) else "partial"
    return "whole" if (page.text, page.images) == (mutant.whole.text, mutant.whole.images) else "partial"


def _is_no_wall(mutant: Mutant) -> bool:
    return mutant.whole.reason in ("truncated", "empty") or (mutant.how == "flip" and mutant.whole.state == "paid")


def missing(text: str, whole: str, window: int = 12) -> int:
    """About how many characters of the whole are not in the text, by windows of a few characters."""
    starts = range(0, max(1, len(whole) - window + 1), window)
    return window * sum(whole[start : start + window] not in text for start in starts) if whole else 0


def naive_verdict(mutant: Mutant) -> str:
    box = BeautifulSoup(mutant.body, "lxml").select_one("#js_content")
    text = "".join(box.get_text().split()) if box else ""
    whole = "".join(mutant.whole.text.split())
    if not text or mutant.whole.state != "ok":
        return "refused"
    return "partial" if len(text) < 0.9 * len(whole) else "whole"


# ---- the accidents


def _cut(body: bytes, dice: random.Random) -> tuple[bytes, str]:
    """At a KiB, as a connection breaks; pages smaller than a few KiB anywhere."""
    step = 1024 if len(body) > 8 * 1024 else 1
    return body[: step * dice.randrange(1, max(2, len(body) // step))], ""


def _flip(body: bytes, dice: random.Random) -> tuple[bytes, str]:
    found = bytearray(body)
    for _ in range(dice.choice((1, 1, 2, 5)) if found else 0):
        found[dice.randrange(len(found))] ^= 1 << dice.randrange(8)
    return bytes(found), ""


def _nested(body: bytes, dice: random.Random) -> tuple[bytes, str]:
    depth = dice.choice((3, 100, 300, 20_000))
    opening, closing = dice.choice(((b"<div>", b"</div>"), (b"<section>", b"</section>"), (b"<b>", b"</b>")))
    at = body.find(b"<p") if dice.random() < 0.5 else body.find(b"<body")
    start = body.find(b">", at) + 1 if at >= 0 and body[at : at + 5] == b"<body" else max(at, 0)
    return body[:start] + opening * depth + closing * depth + body[start:], ""


def _charset(body: bytes, dice: random.Random) -> tuple[bytes, str]:
    lie = dice.choice(("", "gbk", "big5", "utf-7", "iso-8859-1", "utf-16", "x-none"))
    text = body.decode("utf-8", "replace")
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: body,
        lambda: text.encode("gb18030"),
        lambda: text.encode("utf-16"),
        lambda: b"\xef\xbb\xbf" + body,
        lambda: body.decode("latin-1").encode(),
    )
    return dice.choice(ways)(), f"text/html; charset={lie}" if lie else ""


MUTATIONS: dict[str, Callable[[bytes, random.Random], tuple[bytes, str]]] = {
    "cut": _cut,
    "flip": _flip,
    "nested": _nested,
    "charset": _charset,
}


def _report(seed: int, table: Counter[tuple[str, str]], control: Counter[str]) -> None:
    print(f"seed {seed}, {table.total()} pages\n")
    columns = ("refused", "whole", *FAULTS)
    print("| mutation | pages |", " | ".join(columns), "|")
    print("|---|--:|" + "--:|" * len(columns))
    for how in MUTATIONS:
        counts = [table[how, column] for column in columns]
        print(f"| {how} | {sum(counts)} |", " | ".join(map(str, counts)), "|")
    counts = [control[column] for column in columns]
    print(f"| control: plain BeautifulSoup, cut | {sum(counts)} |", " | ".join(map(str, counts)), "|")


if __name__ == "__main__":
    main()
