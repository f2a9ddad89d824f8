"""PostgreSQL and Valkey from their wheels, for a machine that has neither.

Whoever needs them calls `hold()`: it starts the keeper (`digest/keeper.py`) where none runs and keeps a connection to
it open. The kernel closes that connection when the holder ends, however it ends, and the keeper stops both services
when the last one is gone. So nothing is ever left behind, and a command shares the services of a running site.
Everything is under `VAR_DIR`; only the sockets are elsewhere, because their paths may have no more than 100 bytes.
"""

import fcntl
import hashlib
import os
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from digest.environment import BASE_DIR

SHARED_VAR_DIR = BASE_DIR / "var"
VAR_DIR = Path(os.environ.get("JIANBAO_VAR") or SHARED_VAR_DIR).resolve()
SOCKETS = Path("/tmp") / f"jianbao-{os.getuid()}-{hashlib.sha256(str(VAR_DIR).encode()).hexdigest()[:10]}"  # noqa: S108
START_SECONDS = 90
RETRY_SECONDS = 5

_held: list[socket.socket] = []


class ServicesFailed(Exception):
    """The embedded services do not start; the message says why and what to do."""


def wanted() -> bool:
    """Whether this site runs on the embedded services: so it is while either address is not given."""
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def database() -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "jianbao",
        "USER": "jianbao",
        "HOST": str(SOCKETS / "pg"),
    }


def broker() -> str:
    return f"unix://{SOCKETS / 'valkey.sock'}"


def hold(report: Callable[[str], None] | None = None) -> None:
    """Start the services or share those that run, until this process ends. Raises ServicesFailed.

    `report` is called, in a thread, with a line about each service that ended and is started again.
    """
    if not wanted() or _held:
        return
    _held.append(_connect())
    threading.Thread(target=_stay_connected, args=(report,), daemon=True, name="embedded services").start()


def hold_or_exit(report: Callable[[str], None] | None = None) -> None:
    try:
        hold(report)
    except (ServicesFailed, OSError) as error:
        sys.exit(f"jianbao: {error}")


def release() -> None:
    """Let go before the process ends (the tests do; others just end)."""
    while _held:
        _held.pop().close()


def sockets_folder() -> Path:
    """The folder of the sockets, made where missing; refused where it is not ours, since /tmp is everybody's."""
    # As root the database runs as another user, who must be able to pass through.
    mode = 0o711 if os.getuid() == 0 else 0o700
    with suppress(FileExistsError):
        SOCKETS.mkdir(mode=mode)
    found = SOCKETS.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ServicesFailed(f"{SOCKETS} belongs to somebody else; remove it and start again")
    SOCKETS.chmod(mode)  # also where an earlier run, or its umask, left it closed
    return SOCKETS


def _connect() -> socket.socket:
    folder = sockets_folder()
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a keeper that is stopping holds it until all is stopped
        try:
            line = _knock(folder)
        except OSError:
            _spawn_keeper()
            line = _knock(folder)
    return line


def _knock(folder: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(START_SECONDS)
        line.connect(str(folder / "keeper.sock"))
        answer = line.makefile().readline().strip()
    except OSError:
        line.close()
        raise
    if answer != "ready":
        line.close()
        raise ServicesFailed(answer or f"the embedded services ended while starting; see {VAR_DIR / 'log'}")
    line.settimeout(None)
    return line


def _spawn_keeper() -> None:
    """Start the keeper in a session of its own and wait until it can be knocked at.

    Not by subprocess: it would warn about a child that runs on, which is what the keeper is for.
    """
    read_end, write_end = os.pipe()
    nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "digest.keeper", "3"],
        os.environ | {"JIANBAO_VAR": str(VAR_DIR), "PYTHONUTF8": "1", "PYTHONPATH": str(BASE_DIR)},
        file_actions=[*nothing, (os.POSIX_SPAWN_DUP2, write_end, 3)],
        setsid=True,
    )
    os.close(write_end)
    with os.fdopen(read_end) as said:
        said.read()  # ends when the keeper listens, or ends


def _stay_connected(report: Callable[[str], None] | None) -> None:
    """Report what the supervisor says; where it was killed, start it again with the services.

    A web process must not stay without a database.
    """
    unfinished = b""
    while _held:
        line = _held[0]
        with suppress(OSError):  # our own end was closed, or the other one went away: what is held says which
            if said := line.recv(4096):
                *lines, unfinished = (unfinished + said).split(b"\n")
                if report:
                    for text in lines:
                        report(text.decode("utf-8", "replace"))
                continue
        if not _held:
            return
        try:
            _held[0] = _connect()
        except (OSError, ServicesFailed) as error:
            print(f"jianbao: {error}; trying again", file=sys.stderr)
            time.sleep(RETRY_SECONDS)
