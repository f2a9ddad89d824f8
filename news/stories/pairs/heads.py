"""Heads taken apart and thought over, the last ones kept: the same few articles are judged again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np

from news.embed import Encoder
from news.embed.tokens import Thought, think
from news.stories.pairs.features import features
from news.stories.pairs.learned import Learned, Row
from news.stories.pairs.meaning import likeness
from news.stories.pairs.reading import Reading, read

KEPT = 512  # heads; a thought takes about 80 kB
Value = TypeVar("Value")


class Heads:
    """What an encoder and a reader find in heads."""

    def __init__(self, engine: Encoder, kept: int = KEPT) -> None:
        self._thoughts: _Kept[Thought] = _Kept(lambda heads: think(engine, heads), kept)
        self._readings: _Kept[Reading] = _Kept(lambda heads: [read(head) for head in heads], kept)

    def rows(self, pairs: Sequence[tuple[str, str]], learned: Learned) -> list[Row]:
        """The pairs as the models of `learned` read them."""
        heads = sorted({head for pair in pairs for head in pair})
        thoughts, readings = self._thoughts.of(heads), self._readings.of(heads)
        about = {head: learned.space.about(thoughts[head]) for head in heads}
        rows = []
        for one, other in pairs:
            figures = features(readings[one], readings[other], learned.rarity)
            figures += likeness(thoughts[one], thoughts[other], learned.space)
            rows.append(Row(np.array(figures), (about[one] + about[other]) / 2, about[one] * about[other]))
        return rows


class _Kept(Generic[Value]):
    """What was made of some texts, made again only where it was forgotten."""

    def __init__(self, make: Callable[[list[str]], Sequence[Value]], most: int) -> None:
        self._make, self._most = make, most
        self._known: OrderedDict[str, Value] = OrderedDict()

    def of(self, texts: Sequence[str]) -> dict[str, Value]:
        missing = [text for text in texts if text not in self._known]
        self._known.update(zip(missing, self._make(missing), strict=True))
        found = {text: self._known[text] for text in texts}
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return found
