"""JSON that stands in a page: as the whole body, in a callback, or given to a variable of a script."""

import json
import re
from collections.abc import Iterator
from typing import Any

_START = re.compile(r"(?:^\s*|[\w$]\s*\(\s*|=\s*)(?=[\[{])")
_DECODER = json.JSONDecoder()
MAX_TRIES = 200
MAX_OBJECTS = 20_000


def documents(text: str) -> Iterator[Any]:
    """Every JSON value that a page assigns or passes on, outermost first."""
    at, tries = 0, 0
    while (match := _START.search(text, at)) and (tries := tries + 1) <= MAX_TRIES:
        try:
            value, at = _DECODER.raw_decode(text, match.end())
            yield value
        except (ValueError, RecursionError):
            at = match.end()


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value, in the order of the text; no recursion, whatever the depth."""
    waiting, seen = [value], 0
    while waiting and (seen := seen + 1) <= MAX_OBJECTS:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting.extend(reversed(list(found.values())))
        elif isinstance(found, list):
            waiting.extend(reversed(found))


def word(thing: dict[str, Any], *names: str) -> str:
    """The first of `names` that is a text or a number, as text."""
    for name in names:
        value = thing.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
