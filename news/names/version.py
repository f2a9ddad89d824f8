"""The lexicon's version changes with every change by an editor: each process then reads the spellings anew."""

import secrets

from news.models.name import Lexicon


def bump() -> None:
    """Drawn by chance, not counted: a database that was put back must not give an old number to other spellings."""
    Lexicon.objects.update_or_create(pk=1, defaults={"version": 1 + secrets.randbelow(2**31 - 1)})


def version() -> int:
    return Lexicon.objects.values_list("version", flat=True).first() or 0
