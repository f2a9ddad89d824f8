"""The names that a new site starts with: put in from the file beside this, and never forced on an editor."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from news.models.name import Alias, Name
from news.names.file import free_slug
from news.names.fold import key_of
from news.names.search_old import search_all
from news.names.version import bump

STARTER = Path(__file__).with_name("starter_names.toml")


def starter_names() -> list[tuple[str, dict[str, Any]]]:
    """Kind and entry of each, in the file's order: `label`, `en`, `also`, `unsure`, `exact`, `context`."""
    data = tomllib.loads(STARTER.read_text(encoding="utf-8"))
    return [(kind, entry) for kind in Name.Kind.values for entry in data[kind]]


@transaction.atomic
def install_starter_names() -> int:
    """Add the starter names that are not there yet; how many. One whose label is taken, by whomever, is left alone."""
    taken = set(Alias.objects.values_list("key", flat=True))
    slugs = set(Name.objects.values_list("slug", flat=True))
    entries = [(kind, entry) for kind, entry in starter_names() if key_of(entry["label"]) not in taken]
    names = Name.objects.bulk_create(_name(kind, entry, slugs) for kind, entry in entries)
    pairs = zip(names, (entry for _kind, entry in entries), strict=True)
    Alias.objects.bulk_create(alias for name, entry in pairs for alias in _aliases(name, entry, taken))
    if names:
        bump()
        search_all()
    return len(names)


def _name(kind: str, entry: dict[str, Any], slugs: set[str]) -> Name:
    label, english = entry["label"], entry.get("en", "")
    slug = free_slug(label, english, slugs)
    slugs.add(slug)
    context = "\n".join(entry.get("context", []))
    return Name(kind=kind, slug=slug, label=label, label_en=english, context=context, state=Name.State.PUBLIC)


def _aliases(name: Name, entry: dict[str, Any], taken: set[str]) -> Iterator[Alias]:
    unsure, exact = entry.get("unsure", []), entry.get("exact", [])
    english = [entry["en"]] if "en" in entry else []
    for text in dict.fromkeys([entry["label"], *english, *entry.get("also", []), *unsure, *exact]):
        if (key := key_of(text)) not in taken:
            taken.add(key)
            yield Alias(name=name, text=text, key=key, is_ambiguous=text in unsure, is_exact=text in exact)
