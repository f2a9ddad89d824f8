"""The process that owns the embedded PostgreSQL and Valkey for as long as somebody holds a connection to it.

Started by `digest/embedded.py` only. The services die with this process (PR_SET_PDEATHSIG), also after kill -9.
"""

import fcntl
import os
import selectors
import signal
import socket
import subprocess
import sys
from contextlib import suppress

from digest.child import ServiceFailed
from digest.embedded import SOCKETS, VAR_DIR
from digest.postgres import start_postgres
from digest.valkey import start_valkey

GRACE_SECONDS = 1.0  # between the last holder's end and the stop


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)  # the logs may hold what readers typed
    (VAR_DIR / "log").mkdir(mode=0o700, exist_ok=True)
    door = _listen()
    os.close(int(sys.argv[1]))
    services: list[subprocess.Popen[bytes]] = []
    try:
        answer = _start(services)
        _serve(door, answer, services)
    finally:
        _stop(services)


def _listen() -> socket.socket:
    address = SOCKETS / "keeper.sock"
    address.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(address))
    address.chmod(0o600)
    door.listen(64)
    return door


def _start(services: list[subprocess.Popen[bytes]]) -> str:
    try:
        services.append(start_postgres())
        services.append(start_valkey())
    except ServiceFailed as error:
        return str(error)
    except OSError as error:
        return f"the embedded services do not start: {error}"
    return "ready"


def _serve(door: socket.socket, answer: str, services: list[subprocess.Popen[bytes]]) -> None:
    """Keep a line open to every holder; return when nobody has held one for a moment, or a service ended."""
    watch = selectors.DefaultSelector()
    watch.register(door, selectors.EVENT_READ)
    lines: set[socket.socket] = set()
    while True:
        ready = watch.select(GRACE_SECONDS)
        for key, _ in ready:
            if key.fileobj is door:
                line, _address = door.accept()
                if _tell(line, answer):
                    lines.add(line)
                    watch.register(line, selectors.EVENT_READ)
            elif isinstance(key.fileobj, socket.socket) and _has_ended(key.fileobj):
                watch.unregister(key.fileobj)
                lines.remove(key.fileobj)
                key.fileobj.close()
        if answer != "ready" and lines:
            return
        if any(service.poll() is not None for service in services):
            return
        if not ready and not lines and _may_close(door):
            return


def _tell(line: socket.socket, answer: str) -> bool:
    try:
        line.sendall(answer.encode() + b"\n")
    except OSError:  # whoever knocked has died meanwhile; that is nobody else's concern
        line.close()
        return False
    return True


def _has_ended(line: socket.socket) -> bool:
    try:
        return not line.recv(1024)
    except OSError:
        return True


def _may_close(door: socket.socket) -> bool:
    """Nobody may knock between the decision to stop and the end: so the start lock is kept from here on."""
    lock = (SOCKETS / "start.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    (SOCKETS / "keeper.sock").unlink(missing_ok=True)
    door.close()
    _kept.append(lock)
    return True


_kept: list[object] = []  # the lock goes with the process


def _stop(services: list[subprocess.Popen[bytes]]) -> None:
    (SOCKETS / "keeper.sock").unlink(missing_ok=True)
    for service in reversed(services):
        with suppress(ProcessLookupError):
            service.send_signal(signal.SIGINT)  # PostgreSQL's fast stop; Valkey saves and ends
    for service in services:
        try:
            service.wait(20)
        except subprocess.TimeoutExpired:
            service.kill()
            service.wait()


if __name__ == "__main__":
    main()
