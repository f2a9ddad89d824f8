"""Starts the web server as the Procfile does, on loopback, and speaks to it by plain sockets."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent.parent
PATIENCE_SECONDS = 30
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"


@dataclass
class Serving:
    address: tuple[str, int] | str
    process: "subprocess.Popen[bytes]"

    def open(self, *, source: str = "127.0.0.1") -> socket.socket:
        if isinstance(self.address, str):
            client = socket.socket(socket.AF_UNIX)
            try:
                client.connect(self.address)
            except OSError:
                client.close()
                raise
        else:
            client = socket.create_connection(self.address, source_address=(source, 0))
        client.settimeout(PATIENCE_SECONDS)
        return client

    def get(self, path: str = "/", headers: bytes = b"", *, source: str = "127.0.0.1") -> tuple[int, bytes]:
        """Status and body, over a connection of its own."""
        with self.open(source=source) as client:
            client.sendall(GET % (path.encode(), headers + b"Connection: close\r\n"))
            return answer(client)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return sorted(int(number) for number in children.split())


@contextmanager
def held(server: Serving, sent: bytes, number: int, sources: list[str] | None = None) -> Iterator[list[socket.socket]]:
    """As many connections on which `sent` was sent and nothing else."""
    with ExitStack() as stack:
        opened = [server.open(source=source) for source in sources or ["127.0.0.1"] * number]
        clients = [stack.enter_context(client) for client in opened]
        for client in clients:
            client.sendall(sent)
        yield clients


def answer(client: socket.socket) -> tuple[int, bytes]:
    """Status and body of what comes until the server closes; (0, b"") where it closes without an answer."""
    received = bytearray()
    with suppress(ConnectionResetError):
        while data := client.recv(65536):
            received += data
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    return (int(head.split()[1]), body) if head else (0, b"")


def until(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):
            if holds():
                return
        time.sleep(0.05)
    raise AssertionError(f"this did not come about: {what}")


@contextmanager
def serving(*arguments: str, unix: Path | None = None, **environment: str) -> Iterator[Serving]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bind = f"unix:{unix}" if unix else f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "--bind", bind, *arguments]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.digest.web.settings", "PYTHONUTF8": "1"}
    process = subprocess.Popen(command, cwd=BASE, env=os.environ | settings | environment, start_new_session=True)
    made = Serving(str(unix) if unix else ("127.0.0.1", port), process)
    try:
        until(lambda: made.open().close() is None, "the server listens")
        until(lambda: made.get("/about/")[0] == 200, "the server answers")
        yield made
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()
