"""Texts without meaning in the measure of ours: 20,000 words of our own characters, as often as Zipf's law has it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

BASE = Path(__file__).resolve().parent.parent.parent
COMMON = [
    *"的是在和了与为对",
    "可以",
    "我们",
    "一个",
    "这个",
    "已经",
    "通过",
    "使用",
    "支持",
    "以及",
    "进行",
    "数据",
    "模型",
]
WORDS, NAMES = 20_000, 2_000
NAME_SHARE = 0.04  # of all words, Latin ones such as KX1520
SPREAD = 0.7  # of the lengths' logarithm: half of the texts are between 0.62 and 1.6 times the middle one


class Writer:
    """Writes titles and texts; the same seed writes the same."""

    def __init__(self, seed: int, letters: int = 600) -> None:
        """`letters` is the middle length of a text."""
        self.random, self.letters = np.random.default_rng(seed), letters
        ours = np.random.default_rng(0)  # the vocabulary is one and the same for every writer
        self.words = np.array([*COMMON, *_made_up(ours)], dtype=object)
        self.names = np.array([_name(ours) for _ in range(NAMES)], dtype=object)
        self._often, self._name_often = _zipf(len(self.words)), _zipf(NAMES)

    def title(self) -> str:
        """Four to seven words that are not the commonest, and perhaps a name."""
        count = int(self.random.integers(4, 8))
        ranks = np.minimum(60 + self.random.pareto(0.9, count) * 60, len(self.words) - 1).astype(int)
        name = str(self.random.choice(self.names)) if self.random.random() < 0.5 else ""
        return name + "".join(self.words[ranks])

    def text(self) -> str:
        letters = int(np.clip(self.random.lognormal(np.log(self.letters), SPREAD), 120, 6_000))
        count = int(letters / 2.2) + 1
        words = self.words[self._pick(self._often, count)]
        places = np.flatnonzero(self.random.random(count) < NAME_SHARE)
        words[places] = self.names[self._pick(self._name_often, len(places))]
        return "".join(_sentences(words, self.random))[:letters] + "。"

    def query(self) -> str:
        """One to three words that stand in one text in fifty to one in five thousand."""
        ranks = self.random.integers(200, 8_000, int(self.random.integers(1, 4)))
        return " ".join(self.words[ranks])

    def _pick(self, often: np.ndarray, count: int) -> np.ndarray:
        return np.searchsorted(often, self.random.random(count))


def _made_up(random: np.random.Generator) -> Iterator[str]:
    characters = _characters()
    often = _zipf(len(characters))
    for length in random.choice([2, 3, 4], WORDS - len(COMMON), p=[0.75, 0.15, 0.1]):
        yield "".join(characters[place] for place in np.searchsorted(often, random.random(length)))


def _characters() -> list[str]:
    """Those that our own starter topics are written with, in the order in which they first occur."""
    written = "".join(path.read_text("utf-8") for path in sorted((BASE / "news").rglob("starter_topics.toml")))
    return list(dict.fromkeys(letter for letter in written if "\u4e00" <= letter <= "\u9fff"))


def _name(random: np.random.Generator) -> str:
    letters = "".join(random.choice(list("ABCDEFGHKLMNPRSTVWX"), 2))
    return f"{letters}{random.integers(10, 10_000)}"


def _zipf(count: int) -> np.ndarray:
    """Cumulated shares of ranks 1 to `count`; Mandelbrot's shift keeps the first ones from being half of all."""
    share = 1 / (np.arange(count) + 5.0)
    return np.cumsum(share / share.sum())


def _sentences(words: np.ndarray, random: np.random.Generator) -> Iterator[str]:
    at = 0
    while at < len(words):
        end = at + int(random.integers(5, 14))
        yield "".join(words[at:end]) + ("。" if random.random() < 0.5 else "，")
        at = end
