"""A summary of whole sentences of the source, in its order: nothing in it can be invented.

Method, the best of those tried on four Chinese sets: each sentence is a TF-IDF vector of
character pairs; its worth is its cosine to the centre of the article and to the title, plus a little for standing
early; sentences are then taken one by one by worth less likeness to those already taken (maximal marginal relevance,
Carbonell and Goldstein 1998), as long as they fit.

Known failures: a sentence may begin with "it" or "but" and lean on one that was not taken (such beginnings cost a
little); talk and interviews are worse than written news; an article of tables or code gives an empty draft.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from news.summarise.base import Draft, Evidence
from news.summarise.pairs import pair_vectors, unit
from news.summarise.unfit import unfit
from news.text import Sentence, normalise, sentences

if TYPE_CHECKING:
    from news.embed.base import Encoder

LOOK_AT = 200  # sentences; what stands further down an article is not what it is about
LEANS = re.compile(
    r"^(此外|另外|但是?|然而|不过|因此|所以|于是|而且?|并且|同时|其中|例如|比如|换句话说|也就是说|其次|最后|再|还有|这|那|它|他|她|该"
    r"|接下来|上面|下面|以上|综上|如上|总之)"
)
CLOSES = "。！？…；”」』"  # a Chinese sentence that ends so needs no blank behind it
STOPS = CLOSES + ".!?;"
PAUSES = "，,；;：:"
CUT = "……"
TOO_LITTLE = {"short", "heading"}  # quoted only where there is nothing fuller
CHINESE, FOREIGN = 0.6, 0.35  # share of Han: of a Chinese text; of a sentence that is mostly a foreign title or name
SEEDS = 5  # beginnings to try until one gives a summary that is long enough


@dataclass(frozen=True)
class Weights:
    """What a sentence's worth is made of, beside its cosine to the centre of the article."""

    title: float = 0.3  # times its cosine to the title
    position: float = 0.15  # for the first sentence, falling to nothing at the last
    odd: float = 0.1  # off for one that leans on another, or has no full stop, or had to be cut
    likeness: float = 0.3  # times the greatest cosine to a sentence already taken


@dataclass(frozen=True)
class Piece:
    """A sentence that may be taken, with what follows it in a summary: nothing, a blank, or the mark of a cut."""

    text: str
    start: int
    tail: str


class Extractive:
    """Takes `shortest` to `longest` characters of whole sentences; a source with less gives what it has."""

    name = "extractive"
    version = "1"
    generated = False

    def __init__(self, shortest: int = 120, longest: int = 200, weights: Weights | None = None) -> None:
        self.shortest, self.longest, self.weights = shortest, longest, weights or Weights()

    def summarise(self, title: str, text: str, encoder: Encoder | None = None) -> Draft:
        """Summarise one article; the encoder is not needed."""
        pieces = [self._piece(sentence) for sentence in _quotable(title, text, self.shortest)]
        if not pieces:
            return Draft("")
        chosen = [pieces[place] for place in sorted(self._choose(title, pieces))]
        evidence = [Evidence(piece.text, piece.start, piece.start + len(piece.text)) for piece in chosen]
        return Draft(_end("".join(piece.text + piece.tail for piece in chosen).strip()), evidence)

    def _piece(self, sentence: Sentence) -> Piece:
        """The sentence, or where it alone is longer than the whole summary may be, its head up to a comma."""
        if len(sentence.text) <= self.longest:
            return Piece(sentence.text, sentence.start, "" if sentence.text[-1] in CLOSES else " ")
        head = sentence.text[: self.longest - len(CUT)]
        pause = max(head.rfind(mark) for mark in PAUSES)
        return Piece(head[:pause] if pause > 0 else head, sentence.start, CUT)

    def _choose(self, title: str, pieces: list[Piece]) -> list[int]:
        """Places of the sentences to take: the best start from which the summary gets long enough."""
        vectors, about = pair_vectors([piece.text for piece in pieces], title)
        worth = self._worth(vectors, about, pieces)
        likeness = vectors @ vectors.T
        best: list[int] = []
        for seed in np.argsort(-worth, kind="stable")[:SEEDS]:
            taken = self._fill(int(seed), pieces, worth, likeness)
            length = _length(pieces, taken)
            if length >= self.shortest:
                return taken
            if length > _length(pieces, best):
                best = taken
        return best

    def _fill(self, seed: int, pieces: list[Piece], worth: np.ndarray, likeness: np.ndarray) -> list[int]:
        taken = [seed]
        while _length(pieces, taken) < self.shortest:
            gain = worth - self.weights.likeness * likeness[:, taken].max(axis=1)
            fits = [place for place in range(len(pieces)) if place not in taken]
            fits = [place for place in fits if _length(pieces, [*taken, place]) <= self.longest]
            if not fits:
                break
            taken.append(max(fits, key=lambda place: gain[place]))
        return taken

    def _worth(self, vectors: np.ndarray, title: np.ndarray, pieces: list[Piece]) -> np.ndarray:
        weights = self.weights
        early = 1 - np.arange(len(pieces)) / max(1, len(pieces) - 1)
        odd = np.array([_is_odd(piece) for piece in pieces], dtype=np.float64)
        centre = unit(vectors.sum(axis=0))
        return vectors @ centre + weights.title * (vectors @ title) + weights.position * early - weights.odd * odd


def _quotable(title: str, text: str, shortest: int) -> list[Sentence]:
    """Sentences fit to be quoted, none twice; where they are too few for a summary, short ones too."""
    seen = {normalise(title)}
    fit: list[Sentence] = []
    short: list[Sentence] = []
    chinese = _han_share(text) > CHINESE
    for sentence in sentences(text)[:LOOK_AT]:
        reason, key = unfit(sentence.text), normalise(sentence.text)
        if key in seen or reason not in {"", *TOO_LITTLE}:
            continue
        seen.add(key)
        (short if reason or (chinese and _han_share(sentence.text) < FOREIGN) else fit).append(sentence)
    if sum(len(sentence.text) for sentence in fit) < shortest:
        return sorted([*fit, *short], key=lambda sentence: sentence.start)
    return fit


def _han_share(text: str) -> float:
    """How much of the letters is Han, 0 to 1."""
    letters = sum(character.isalpha() for character in text)
    return sum("\u3400" <= character <= "\u9fff" for character in text) / letters if letters else 0.0


def _end(text: str) -> str:
    """A summary ends with a full stop where its last sentence, in the source, went on after a semicolon."""
    return text[:-1] + "。" if text.endswith(("；", ";")) else text


def _is_odd(piece: Piece) -> bool:
    return bool(LEANS.match(piece.text)) or piece.text[-1] not in STOPS


def _length(pieces: list[Piece], places: list[int]) -> int:
    return sum(len(pieces[place].text) + len(pieces[place].tail) for place in places)
