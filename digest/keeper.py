"""The process that owns the embedded PostgreSQL and Valkey for as long as somebody holds a connection to it.

Started by `digest/embedded.py` only. The services die with this process (PR_SET_PDEATHSIG), also after kill -9. A
service that ends by itself is started again, with a back-off; every holder is told, one line each time.
"""

import fcntl
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from digest.child import ServiceFailed
from digest.embedded import SOCKETS, VAR_DIR
from digest.postgres import await_postgres, start_postgres
from digest.processes import BackOff, ended
from digest.valkey import await_valkey, start_valkey

GRACE_SECONDS = 1.0  # between the last holder's end and the stop
LOOK_SECONDS = 0.2  # between two looks at the services


@dataclass
class Service:
    """A program from a wheel: how it is started, waited for the first time, and its process while it runs."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    wait: Callable[["subprocess.Popen[bytes]"], None]
    process: "subprocess.Popen[bytes] | None" = None
    back_off: BackOff = field(default_factory=BackOff)

    def look_after(self) -> str:
        """Start the service again if it ended and its back-off is over. Returns a line to tell, or ""."""
        if self.process is None:
            return self._start_again() if time.monotonic() >= self.back_off.due else ""
        status = self.process.poll()
        if status is None:
            return ""
        self.process = None
        wait = self.back_off.end()
        return f"{self.name} ended ({ended(status)}), starting it again" + (f" in {wait:.0f} s" if wait >= 1 else "")

    def _start_again(self) -> str:
        self.back_off.start()
        try:
            self.process = self.start()
        except (ServiceFailed, OSError) as error:
            return f"{self.name} does not start: {error}; trying again in {self.back_off.end():.0f} s"
        return ""


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)  # the logs may hold what readers typed
    (VAR_DIR / "log").mkdir(mode=0o700, exist_ok=True)
    door = _listen()
    os.close(int(sys.argv[1]))
    services = [
        Service("PostgreSQL", start_postgres, await_postgres),
        Service("Valkey", start_valkey, await_valkey),
    ]
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


def _start(services: list[Service]) -> str:
    try:
        for service in services:
            service.back_off.start()
            service.process = service.start()
        for service in services:
            if service.process:
                service.wait(service.process)
    except ServiceFailed as error:
        return str(error)
    except OSError as error:
        return f"the embedded services do not start: {error}"
    return "ready"


def _serve(door: socket.socket, answer: str, services: list[Service]) -> None:
    """Keep a line open to every holder and look after the services; return when nobody has held one for a moment."""
    watch = selectors.DefaultSelector()
    watch.register(door, selectors.EVENT_READ)
    lines: set[socket.socket] = set()
    quiet_since = time.monotonic()
    while True:
        for key, _ in watch.select(LOOK_SECONDS):
            quiet_since = time.monotonic()
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
        for said in [said for service in services if (said := service.look_after())]:
            for line in lines:
                with suppress(OSError):  # a holder that does not read; it has the log
                    line.send(said.encode() + b"\n", socket.MSG_DONTWAIT)
        if not lines and time.monotonic() - quiet_since > GRACE_SECONDS and _may_close(door):
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


def _stop(services: list[Service]) -> None:
    (SOCKETS / "keeper.sock").unlink(missing_ok=True)
    running = [service.process for service in services if service.process]
    for process in reversed(running):
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast stop; Valkey ends
    for process in running:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
