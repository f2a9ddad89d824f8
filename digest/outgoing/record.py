"""The record beside the database: which database let letters out on this machine, and how many it had let out by then.

A file of one line, written in place and through to the disk before each letter leaves. Whoever works on it holds its
lock, so that on one machine letters take their numbers one after the other.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

WIDTH = 200  # bytes, so that a line is never longer or shorter than the one before it


@dataclass(frozen=True)
class Record:
    """The instance of the database, the number of the last letter, and the hold that this machine found, if any."""

    instance: str
    letters: int
    hold: str = ""


class RecordFile:
    """The opened and locked file."""

    def __init__(self, number: int) -> None:
        self._number = number

    def read(self) -> Record | None:
        """What it says; None where it is new or cannot be understood."""
        try:
            told = json.loads(os.pread(self._number, WIDTH, 0))
            return Record(str(told["instance"]), int(told["letters"]), str(told["hold"]))
        except (ValueError, TypeError, KeyError):
            return None

    def write(self, record: Record) -> None:
        """Write it through to the disk. Raises OSError where there is no room, before anything has left."""
        os.pwrite(self._number, json.dumps(asdict(record)).ljust(WIDTH - 1).encode() + b"\n", 0)
        os.fdatasync(self._number)


@contextmanager
def opened() -> Iterator[RecordFile]:
    path = Path(settings.MAIL_RECORD)
    path.parent.mkdir(parents=True, exist_ok=True)
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield RecordFile(number)
    finally:
        os.close(number)  # and with it the lock
