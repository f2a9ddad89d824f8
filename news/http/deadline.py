"""One time limit over a whole fetch, also over a server that sends a byte a second."""

import socket
import time
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType
from typing import Self

from news.http.errors import FetchError, Reason


class Deadline:
    """Cuts the watched connection when the time is up.

    A socket's own timeout starts anew with every byte, so a timer shuts the socket from outside. It holds a
    duplicate of the descriptor, which stays the same connection when TLS wraps (and detaches) the first one,
    and whose number cannot be taken by another connection meanwhile.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._lock = Lock()
        self._watched: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self.expired = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self.release()

    def left(self) -> float:
        """Seconds left. Raises FetchError DEADLINE when none are."""
        left = self._ends - time.monotonic()
        if self.expired or left <= 0:
            raise self.error()
        return left

    def error(self) -> FetchError:
        return FetchError(Reason.DEADLINE, detail=f"not done in {self._seconds:g} s")

    def watch(self, connection: socket.socket) -> None:
        self.release()
        with self._lock:
            self._watched = connection.dup()
        self.left()

    def release(self) -> None:
        """Let go of the connection, so that closing it elsewhere closes it."""
        with self._lock:
            watched, self._watched = self._watched, None
        if watched:
            watched.close()

    def _cut(self) -> None:
        with self._lock, suppress(OSError):  # OSError: the other side was quicker
            self.expired = True
            if self._watched:
                self._watched.shutdown(socket.SHUT_RDWR)
