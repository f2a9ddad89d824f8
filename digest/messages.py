"""The English of the interface: `python -m digest.messages compile | update | check`, with Babel, no gettext needed.

The source says everything in Chinese; `digest/locale/en/LC_MESSAGES/django.po` holds the English.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

BASE = Path(__file__).resolve().parent.parent
CATALOGUE = BASE / "digest" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def compile_catalogue() -> None:
    target = CATALOGUE.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    buffer = io.BytesIO()
    write_mo(buffer, _read())
    target.write_bytes(buffer.getvalue())


def update() -> None:
    """Bring the catalogue up to date with the source; what is gone from the source goes."""
    catalogue = _read()
    catalogue.update(_found(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False)  # lines move every day


def problems() -> list[str]:
    """What the source says and the catalogue does not, or not fully."""
    catalogue = _read()
    missing = []
    for message in _found():
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        said = known.string if known else ""
        if not said or (isinstance(said, tuple) and not all(said)):
            places = ", ".join(f"{name}:{line}" for name, line in message.locations[:2])
            missing.append(f"{places}: no English for {message.id!r}")
        elif known and any(error for error in known.check(catalogue)):
            missing.append(f"placeholders differ: {message.id!r}")
    return missing


def _read() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _found() -> Catalog:
    catalogue = Catalog(locale="en", project="jianbao", charset="utf-8")
    for path, line, message, context in _messages():
        catalogue.add(message, locations=[(path, line)], context=context)
    return catalogue


def _messages() -> Iterator[tuple[str, int, str | tuple[str, ...], str | None]]:
    from django.utils.translation.template import templatize

    for path in sorted(BASE.glob("*/**/*")):
        relative = path.relative_to(BASE)
        if relative.parts[0] not in {"digest", "news", "templates"} or "migrations" in relative.parts:
            continue
        if "demo" in relative.parts and path.suffix == ".html":
            continue
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif relative.parts[0] == "templates" and path.suffix in {".html", ".txt", ".xml"}:
            source = templatize(path.read_text(encoding="utf-8"), origin=str(relative))
        else:
            continue
        code = io.BytesIO(source.encode())
        for line, message, _comments, context in extract("python", code, keywords=KEYWORDS):
            yield str(relative), line, message, context


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "compile":
        compile_catalogue()
    elif command == "update":
        update()
    elif found := problems():
        sys.exit("\n".join(found))
