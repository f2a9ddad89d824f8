"""What every summariser gives: a text and the places in the source that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from news.embed.base import Encoder


@dataclass(frozen=True)
class Evidence:
    """A stretch of the source that the summary rests on: `text[start:end] == sentence` for the text that was given."""

    sentence: str
    start: int
    end: int


@dataclass(frozen=True)
class Draft:
    """A summary and its evidence in source order. An empty text says that the source holds nothing to quote."""

    text: str
    evidence: list[Evidence] = field(default_factory=list)


class Summariser(Protocol):
    """One way to summarise. `name` and `version` are stored with what it makes; `generated` asks for the AI label."""

    name: str
    version: str
    generated: bool

    def summarise(self, title: str, text: str, encoder: Encoder | None = None) -> Draft:
        """Summarise one article. A function of its arguments alone."""
