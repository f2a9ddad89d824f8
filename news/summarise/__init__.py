"""The summarisers by name: a new one is a file beside this and a line below."""

from importlib import import_module

from news.summarise.base import Draft, Evidence, Summariser

__all__ = ["NAMES", "Draft", "Evidence", "Summariser", "UnknownSummariser", "summariser"]

NAMES = {"extractive": "news.summarise.extractive:Extractive"}


class UnknownSummariser(LookupError):
    """No summariser has this name."""


def summariser(name: str) -> Summariser:
    """A summariser by its name; its module is imported only now, as some bring heavy libraries."""
    if name not in NAMES:
        raise UnknownSummariser(f"no summariser {name!r}; there are {', '.join(NAMES)}")
    module, _, kind = NAMES[name].partition(":")
    return getattr(import_module(module), kind)()
