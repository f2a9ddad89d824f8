"""A hostile server on loopback, and guards that let tests reach it."""

import socket
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from news.http import Guard
from news.http.addresses import is_public

Answer = bytes | Callable[[socket.socket, bytes], None]


class Listener:
    """Answers each path with bytes, or with a function that is given the connection; then closes."""

    def __init__(self, answers: dict[str, Answer], address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.answers = answers
        self.connections = 0
        self.requests: list[bytes] = []
        self.socket = socket.create_server(address)
        self.port = self.socket.getsockname()[1]
        self.closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/", host: str = "page.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = read_head(connection)
            self.requests.append(request)
            path = request.split(b" ", 2)[1].decode("latin-1") if request.count(b" ") > 1 else ""
            answer = self.answers.get(path, b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n")
            if callable(answer):
                answer(connection, request)
            else:
                connection.sendall(answer)
                # Closing with unread input would reset the connection and lose what was sent.
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)

    def drip(self, connection: socket.socket, data: bytes, every_s: float = 0.05) -> None:
        """A byte at a time, for ever; ends only when the other side goes or the test does."""
        while not self.closing.wait(every_s):
            connection.sendall(data)


def bomb(mebibytes: int) -> bytes:
    """Gzip that unpacks to so many MiB of spaces: one deflated block, repeated."""
    block = b" " * 2**20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(mebibytes):
        crc = zlib.crc32(block, crc)
    trailer = crc.to_bytes(4, "little") + (mebibytes * 2**20 % 2**32).to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated * mebibytes + b"\x03\0" + trailer


def read_head(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request and (data := connection.recv(4096)):
        request += data
    return request


def page(body: bytes = b"<p>A page.</p>", *lines: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """A decent answer, with further header lines."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *([f"Content-Type: {kind}"] if kind else []), *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {to}", status=status)


def guard_for(*listeners: Listener, names: dict[str, list[str]] | None = None, **rules: Any) -> Guard:
    """Every name leads to loopback (or where `names` says), and loopback and the listeners' ports are allowed."""
    ports = frozenset({80, 443, *(listener.port for listener in listeners)})
    chosen: dict[str, Any] = {
        "resolver": lambda host: (names or {}).get(host, ["127.0.0.1"]),
        "permit": lambda address: address == "127.0.0.1" or is_public(address),
        "ports": ports,
    }
    return Guard(**(chosen | rules))


OUTSIDE = "127.0.0.9"


def outside_guard(server: Listener, **rules: Any) -> Guard:
    """The production policy, with one loopback address that plays the public web; `server` listens there."""
    permit: dict[str, Any] = {
        "resolver": lambda host: [OUTSIDE],
        "permit": lambda address: address == OUTSIDE or is_public(address),
    }
    return guard_for(server, **(permit | rules))


def strict_guard(*listeners: Listener, names: dict[str, list[str]] | None = None) -> Guard:
    """The production policy, but for the listeners' ports and the resolver's answers."""
    return guard_for(*listeners, names=names, permit=is_public)
