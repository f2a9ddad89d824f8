"""`make bench-embed`: our encoder against the same model in plain sentence-transformers, one run, the same texts.

Speed: float32 `encode(batch_size=32)` and ours in turn, the median of the rounds. Quality: LCQMC Spearman, Sohu 2021 B
AUC. Memory: each encodes the articles in a process of its own. All on the CPU; where there is a card, rows of their own
compare plain float32 and ours, bfloat16, on it. A Markdown table on standard output; exits 0 where every goal is met, 1
where one is missed, 2 without the data. `--short` takes a tenth of the texts.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.embed_texts import DataMissing, Pairs, Texts, load
from news.embed import Encoder, bundled, choose, encoder
from news.embed.sentence import has_card

FASTER, LOSS = 2.5, 0.01
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Size:
    rounds: int
    articles: int
    short: int
    pairs: int


FULL, SHORT = Size(5, 40, 400, 4_000), Size(3, 12, 100, 500)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--short", action="store_true", help="a tenth of the texts; the figures are rough")
    ask.add_argument("--memory", choices=["plain", "ours"], help=argparse.SUPPRESS)
    ask.add_argument("--card", action="store_true", help=argparse.SUPPRESS)
    given = ask.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    os.environ["EMBED_DEVICE"] = "cuda" if given.card else "cpu"
    try:
        texts = load()
    except DataMissing as missing:
        print(f"bench-embed: {missing}", file=sys.stderr)
        sys.exit(2)
    size = SHORT if given.short else FULL
    if given.memory:
        print(_peak({"plain": _plain, "ours": _ours}[given.memory](), texts.articles[: size.articles]))
        return
    if given.card:
        print(json.dumps(_speed(texts, size, _plain_on_card, _ours, " on the card")))
        return
    rows = _speed(texts, size, _plain, _ours) + _quality(texts, size) + [_memory(size)] + _card(size)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}\n")
    print("| | plain float32 | ours | | goal |\n|---|---|---|---|---|")
    print("\n".join(f"| {' | '.join(cells)} |" for cells, _met in rows))
    sys.exit(0 if all(met for _cells, met in rows) else 1)


Row = tuple[list[str], bool]


def _speed(
    texts: Texts, size: Size, of_plain: Callable[[], Encode], of_ours: Callable[[], Encode], where: str = ""
) -> list[Row]:
    plain, ours = of_plain(), of_ours()
    sets = {
        "articles": texts.articles[: size.articles],
        "items with a digest": texts.items[: size.short],
        "titles": texts.titles[: size.short],
        "questions of LCQMC": texts.lcqmc.one[: size.short],
    }
    for encode in (plain, ours):
        encode(sets["titles"][:8])  # loaded and warm
    return [_race(f"{name}, texts/s{where}", rows, plain, ours, size.rounds) for name, rows in sets.items()]


def _race(name: str, rows: list[str], plain: Encode, ours: Encode, rounds: int) -> Row:
    """Both in turn, so that a busy machine is busy for both; the ratio is the median of the rounds' own ratios."""
    times = [(_seconds(plain, rows), _seconds(ours, rows)) for _ in range(rounds)]
    slow, fast = (statistics.median(len(rows) / pair[which] for pair in times) for which in (0, 1))
    ratio = statistics.median(one / other for one, other in times)
    print(f"bench-embed: {name}: {ratio:.2f}×", file=sys.stderr)
    return [name, f"{slow:.1f}", f"{fast:.1f}", f"{ratio:.2f}×", f"≥ {FASTER}×"], ratio >= FASTER


def _quality(texts: Texts, size: Size) -> list[Row]:
    from scipy.stats import spearmanr  # here, as their memory is not the encoders'
    from sklearn.metrics import roc_auc_score

    lcqmc, sohu = texts.lcqmc.first(size.pairs), texts.sohu.first(size.pairs)
    engines = (_plain(), _ours())
    spearman = [100 * float(spearmanr(_cosines(engine, lcqmc), lcqmc.label).statistic) for engine in engines]
    auc = [100 * float(roc_auc_score(sohu.label, _cosines(engine, sohu))) for engine in engines]
    names = (f"LCQMC Spearman × 100, {len(lcqmc.label)} pairs", f"Sohu 2021 B AUC × 100, {len(sohu.label)} pairs")
    return [_near(name, *figures) for name, figures in zip(names, (spearman, auc), strict=True)]


def _near(name: str, plain: float, ours: float) -> Row:
    change = ours / plain - 1
    return [name, f"{plain:.2f}", f"{ours:.2f}", f"{change:+.2%}", f"≥ -{LOSS:.0%}"], change >= -LOSS


def _cosines(encode: Encode, pairs: Pairs) -> np.ndarray:
    return np.sum(encode(pairs.one) * encode(pairs.other), axis=1)


def _memory(size: Size) -> Row:
    peaks = [int(_apart(size, "--memory", who).split()[-1]) for who in ("plain", "ours")]
    return ["peak memory of a process, MiB", *map(str, peaks), f"{peaks[1] / peaks[0]:.2f}×", "–"], True


def _card(size: Size) -> list[Row]:
    """The same race on a card, where there is one; without a goal, since the goals are the CPU's."""
    if not has_card():
        return []
    rows = json.loads(_apart(size, "--card").splitlines()[-1])
    return [([*cells[:-1], "–"], True) for cells, _met in rows]


def _apart(size: Size, *words: str) -> str:
    """What a process of its own prints."""
    command = [sys.executable, "-m", "benchmarks.embed", *words, *(["--short"] if size is SHORT else [])]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def _machine() -> str:
    """The processor by its own name, its cores, and the card."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    card = Path("/proc/driver/nvidia/gpus")
    cards = [file.read_text("utf-8").split("\n")[0].split(":")[1].strip() for file in card.glob("*/information")]
    return ", ".join([name, f"{os.cpu_count()} cores", *cards])


def _peak(encode: Encode, texts: list[str]) -> int:
    encode(texts)
    status = Path("/proc/self/status").read_text("utf-8")  # getrusage would count what the parent had when it forked
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _seconds(encode: Encode, texts: list[str]) -> float:
    start = time.perf_counter()
    encode(texts)
    return time.perf_counter() - start


def _plain() -> Encode:
    """What anybody gets by sentence-transformers alone, with the prompt that the model wants."""
    model = choose.plain("bundled")._model

    def encode(texts: Sequence[str]) -> np.ndarray:
        return model.encode(
            list(texts), batch_size=32, prompt_name="query", normalize_embeddings=True, show_progress_bar=False
        )

    return encode


def _plain_on_card() -> Encode:
    """The same on a card, in float32 as it comes."""
    from django.conf import settings
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(bundled.prepare(Path(settings.MODELS_DIR))), device="cuda", local_files_only=True)
    return lambda texts: model.encode(
        list(texts), batch_size=32, prompt_name="query", normalize_embeddings=True, show_progress_bar=False
    )


def _ours() -> Encode:
    engine: Encoder = encoder()
    return lambda texts: engine.encode(texts, "query")


if __name__ == "__main__":
    main()
