"""A response's head, in no more bytes and lines than a decent server needs."""

import http.client
import socket
from typing import Any, BinaryIO

from news.http.errors import FetchError, Reason

HEAD_BYTES = 32 * 1024
HEAD_LINES = 100


class CappedResponse(http.client.HTTPResponse):
    """http.client alone takes a head of 6 MiB (100 lines of 64 KiB), and a cut head for a whole one."""

    fp: Any

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)

    def begin(self) -> None:
        plain = self.fp
        self.fp = _Head(plain)
        super().begin()
        self.fp = plain


class _Head:
    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._bytes, self._lines = HEAD_BYTES, HEAD_LINES

    def readline(self, limit: int) -> bytes:
        line = self._source.readline(min(limit, self._bytes + 1))
        if not line and self._lines < HEAD_LINES:
            raise FetchError(Reason.TRUNCATED, detail="the head is cut")
        self._bytes -= len(line)
        self._lines -= 1
        if self._bytes < 0 or self._lines < 0:
            raise FetchError(Reason.HEADERS_TOO_LARGE, detail=f"more than {HEAD_BYTES} bytes or {HEAD_LINES} lines")
        return line

    def flush(self) -> None:
        self._source.flush()

    def close(self) -> None:
        self._source.close()
