"""What else a thing is called: the groups of synonyms.toml, found in a query by their longest form. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from news.search.terms import folded

FILE = Path(__file__).with_name("synonyms.toml")


def forms_in(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where in the text a known form stands, and the other forms of its group."""
    pattern, groups = _known()
    plain = folded(text)
    if len(plain) != len(text):
        return  # folding moved the places: rare signs, no words of ours
    for found in pattern.finditer(plain):
        yield found.start(), found.end(), tuple(form for form in groups[found[0]] if form != found[0])


@cache
def _known() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for group in tomllib.loads(FILE.read_text("utf-8"))["groups"]:
        forms = [folded(form) for form in group]
        groups |= dict.fromkeys(forms, forms)
    longest_first = sorted(groups, key=len, reverse=True)
    return re.compile("|".join(_bounded(form) for form in longest_first)), groups


def _bounded(form: str) -> str:
    """A Latin form only where it is whole: `ai` is not in `said`."""
    return rf"(?<![a-z0-9]){re.escape(form)}(?![a-z0-9])" if form.isascii() else re.escape(form)
