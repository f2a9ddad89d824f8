"""A small HTTP proxy on loopback that answers for the sample pages under their own addresses.

The demo's crawl goes through the one guarded door like any other: it is only told CRAWL_PROXY and CRAWL_CA_BUNDLE,
so the guard needs no exception, and nothing leaves the machine.
"""

import mimetypes
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, urlsplit

from digest.demo.certificates import server_context

IDLE_SECONDS = 30  # a client that says nothing for so long is hung up on


@dataclass(frozen=True)
class Proxy:
    """Where the running proxy listens, and the file of the authority that signed its certificate."""

    url: str
    ca_path: Path


@contextmanager
def serve(pages: Mapping[str, Path]) -> Iterator[Proxy]:
    """Answer for `pages` (address → file) on a free port of 127.0.0.1 until the block ends.

    https by CONNECT with a throw-away certificate, http as it comes; an address that is not among `pages` gets 404.
    On leaving, the port is closed, open connections are cut, and the authority's file is gone.
    """
    with TemporaryDirectory(prefix="jianbao-demo-") as folder:
        ca_path = Path(folder) / "ca.pem"
        server = _Server(pages, ca_path)
        listening = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        listening.start()
        try:
            yield Proxy(f"http://127.0.0.1:{server.server_port}", ca_path)
        finally:
            server.shutdown()
            listening.join()
            server.hang_up()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close() waits for each of them

    def __init__(self, pages: Mapping[str, Path], ca_path: Path) -> None:
        self.pages = pages
        self.hosts = {_place(url)[0] for url in pages}
        self.context = server_context(sorted(self.hosts), ca_path)
        self._open: set[socket.socket] = set()
        self._ending = False
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def find(self, url: str) -> Path | None:
        """The page of an address: same host and path, and every field of the page's query (trackers may be added)."""
        host, path, query = _place(url)
        for address, file in self.pages.items():
            page_host, page_path, page_query = _place(address)
            if (page_host, page_path) == (host, path) and page_query <= query:
                return file
        return None

    def hold(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
            if self._ending:
                _cut(connection)

    def release(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """Cut what is open: a client that keeps its connection for later would hold the end up."""
        with self._lock:
            self._ending = True
            for connection in self._open:
                _cut(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left is no news; anything else is printed."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: _Server
    host = ""

    def setup(self) -> None:
        super().setup()
        self.server.hold(self.connection)

    def do_CONNECT(self) -> None:
        host, _, port = self.path.lower().rpartition(":")
        if host not in self.server.hosts or port != "443":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.host = host
        self.send_response(HTTPStatus.OK, "Connection established")
        self.end_headers()
        self._speak_tls()
        self.close_connection = False

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def finish(self) -> None:
        super().finish()
        self.server.release(self.connection)
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the crawl's own record tells what was fetched."""

    def _speak_tls(self) -> None:
        """From here on the page's own host is speaking: the rest of the connection is read and written through TLS."""
        plain = self.connection
        self.rfile.close()
        # wrap_socket empties `plain`: the new socket is held before the handshake, so that it can be cut during it
        self.connection = self.server.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self.server.release(plain)
        self.server.hold(self.connection)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.connection.do_handshake()

    def _answer(self, *, with_body: bool) -> None:
        address = self.path if "://" in self.path else f"https://{self.host}{self.path}"
        file = self.server.find(address)
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = file.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", _content_type(file))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def _place(url: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.path or "/", frozenset(parse_qsl(parts.query))


def _content_type(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # already hung up
