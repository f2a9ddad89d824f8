"""An eye on every connection that this process dials, whoever dials it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Address = tuple[str, int]


class _Watch:
    def __init__(self, stop: Callable[[str], bool] | None) -> None:
        self.dialled: list[Address] = []
        self.stop = stop


_watching: list[_Watch] = []


def _see(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not _watching or not isinstance(arguments[1], tuple):
        return
    host, port = arguments[1][:2]
    _watching[-1].dialled.append((host, port))
    if (stop := _watching[-1].stop) and stop(host):
        raise ConnectionRefusedError(f"{host} was dialled, and is not connected to in a proof")


sys.addaudithook(_see)


@contextmanager
def watch(stop: Callable[[str], bool] | None = None) -> Iterator[list[Address]]:
    """Every address that is dialled inside the block. Those of which `stop` says so are noted and then refused."""
    _watching.append(_Watch(stop))
    try:
        yield _watching[-1].dialled
    finally:
        _watching.pop()
