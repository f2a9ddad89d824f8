"""A web of our own behind CRAWL_PROXY: any bytes for any address, http and https, and a ledger of what came when."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.test import override_settings

from digest.demo.certificates import server_context

Made = bytes | Callable[[bytes], bytes]  # an answer, or a function of the request's head that gives it
NOWHERE = b"HTTP/1.1 404 None\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Hit:
    """One request, as the server saw it: when it came, and when its answer was out (seconds of the web's clock)."""

    url: str
    began: float
    ended: float
    head: bytes
    answer: bytes

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


class Web:
    """Listens while the block lasts. Answers may be changed meanwhile; hosts of https must be named at the start."""

    def __init__(self, answers: dict[str, Made], clock: Callable[[], float] = time.monotonic) -> None:
        self.answers = answers
        self.clock = clock
        self.log: list[Hit] = []
        self.default: Made = NOWHERE
        hosts = {urlsplit(url).hostname or "" for url in answers}
        self._folder = TemporaryDirectory(prefix="jianbao-web-")
        self.authority = Path(self._folder.name) / "ca.pem"
        self._context = server_context(sorted(hosts), self.authority)
        self._socket = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._folder.cleanup()

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @contextmanager
    def settings(self, **others: object) -> Iterator[None]:
        """The product's settings, with this web as the outside."""
        with override_settings(CRAWL_PROXY=self.proxy, CRAWL_CA_BUNDLE=str(self.authority), **others):
            yield

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError):
            head = _head(connection)
            method, target = head.decode("latin-1").split(" ")[:2]
            if method != "CONNECT":
                return self._answer(connection, target, head)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with self._context.wrap_socket(connection, server_side=True) as secure:
                head = _head(secure)
                host = target.removesuffix(":443")
                self._answer(secure, f"https://{host}{head.decode('latin-1').split(' ')[1]}", head)

    def _answer(self, connection: socket.socket, url: str, head: bytes) -> None:
        began = self.clock()
        made = self.answers.get(url, self.default)
        answer = made(head) if callable(made) else made
        try:
            connection.sendall(answer)
            if not isinstance(connection, ssl.SSLSocket):
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)
        finally:
            self.log.append(Hit(url, began, self.clock(), head, answer))


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (data := connection.recv(4096)):
        head += data
    return head
