"""The embedded services: started for whoever needs them, shared, and gone with the last holder, however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent
HOLD = "import sys; from digest import embedded; embedded.hold(); print(embedded.SOCKETS, flush=True); sys.stdin.read()"
ASK = """
from digest import embedded
embedded.hold()
import psycopg
with psycopg.connect(host=str(embedded.SOCKETS / "pg"), user="jianbao", dbname="jianbao", autocommit=True) as database:
    database.execute("CREATE TABLE IF NOT EXISTS seen (n int)")
    database.execute("INSERT INTO seen VALUES (1)")
    print(database.execute("SELECT count(*) FROM seen").fetchone()[0])
"""


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "某 项目" / "var"
    folder.mkdir(parents=True)
    yield folder
    _until(lambda: not _services(folder))


def _environment(var: Path) -> dict[str, str]:
    """As a site has it: with JIANBAO_TESTING PostgreSQL may lose what it has just committed."""
    given = {name: value for name, value in os.environ.items() if name != "JIANBAO_TESTING"}
    return {**given, "JIANBAO_VAR": str(var)}


def _holder(var: Path, reporting: bool = False) -> "subprocess.Popen[str]":
    code = HOLD.replace("hold()", "hold(report=lambda line: print(line, flush=True))") if reporting else HOLD
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=BASE,
        env=_environment(var),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("/tmp/jianbao-")
    return process


def _end(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGKILL) -> None:
    process.send_signal(number)
    process.communicate()


def _ask(var: Path) -> str:
    done = subprocess.run([sys.executable, "-c", ASK], cwd=BASE, env=_environment(var), capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.strip()


def _keeper(var: Path) -> int:
    [pid] = [pid for pid in _services(var) if b"digest.keeper" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return pid


def _child(parent: int, program: str) -> int:
    """The child of `parent` that runs `program`; 0 where none does."""
    for entry in Path("/proc").iterdir():
        try:
            name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
        except OSError:  # no process, or one that has just ended
            continue
        if name == program and int(rest.split()[1]) == parent:
            return int(entry.name)
    return 0


def _pings(var: Path) -> bool:
    """Whether both services answer."""
    code = """
from digest import embedded
import psycopg, redis
psycopg.connect(host=str(embedded.SOCKETS / "pg"), user="jianbao", dbname="jianbao").close()
redis.Redis(unix_socket_path=str(embedded.SOCKETS / "valkey.sock")).ping()
"""
    asked = subprocess.run([sys.executable, "-c", code], cwd=BASE, env=_environment(var), capture_output=True)
    return asked.returncode == 0


def _services(var: Path) -> list[int]:
    """The processes that hold something open under `var`, or were told of it: keeper, PostgreSQL, Valkey."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(var).encode() in told:
                found.append(int(entry.name))
    return found


def _until(holds: "object") -> None:
    for _ in range(300):
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("it did not come about within 30 s")


def test_a_command_starts_them_and_they_end_with_it(var: Path) -> None:
    assert _ask(var) == "1"
    _until(lambda: not _services(var))
    assert _ask(var) == "2"  # what was written is still there


def test_two_share_them_and_the_last_one_ends_them(var: Path) -> None:
    first = _holder(var)
    assert _ask(var) == "1"
    second = _holder(var)
    _end(first)
    assert _ask(var) == "2"
    _end(second)
    _until(lambda: not _services(var))


def test_nothing_is_left_after_kill_9_of_the_holder(var: Path) -> None:
    holder = _holder(var)
    assert len(_services(var)) >= 3
    _end(holder, signal.SIGKILL)
    _until(lambda: not _services(var))


def test_a_killed_keeper_takes_its_services_along_and_the_holder_starts_them_again(var: Path) -> None:
    holder = _holder(var)
    assert _ask(var) == "1"
    keeper = int(subprocess.run(["pgrep", "-n", "-f", "digest.keeper"], capture_output=True, text=True).stdout)
    assert keeper in _services(var)
    os.kill(keeper, signal.SIGKILL)
    _until(lambda: _services(var) and keeper not in _services(var))
    assert _ask(var) == "2"
    _end(holder)


@pytest.mark.parametrize(("name", "word"), [("PostgreSQL", "postgres"), ("Valkey", "valkey-server")])
def test_a_service_that_is_killed_comes_back_alone_and_the_holder_is_told(var: Path, name: str, word: str) -> None:
    holder = _holder(var, reporting=True)
    assert _ask(var) == "1"
    keeper = _keeper(var)
    before = {one: _child(keeper, one) for one in ("postgres", "valkey-server")}
    assert all(before.values())
    os.kill(before[word], signal.SIGKILL)
    assert holder.stdout is not None
    assert holder.stdout.readline() == f"{name} ended (signal 9), starting it again\n"
    _until(lambda: _child(keeper, word) not in (0, before[word]))
    other = next(one for one in before if one != word)
    assert (_keeper(var), _child(keeper, other)) == (keeper, before[other])
    _until(lambda: _pings(var))
    assert _ask(var) == "2"  # what was written is still there
    _end(holder)


def test_a_socket_folder_of_somebody_else_is_refused(var: Path) -> None:
    code = "from digest import embedded; print(embedded.SOCKETS)"
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE, env=_environment(var), capture_output=True, text=True
    )
    sockets = Path(asked.stdout.strip())
    sockets.symlink_to(var)
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", "showmigrations"],
            cwd=BASE,
            env=_environment(var),
            capture_output=True,
            text=True,
        )
    finally:
        sockets.unlink()
    assert done.returncode == 1
    assert done.stderr == f"jianbao: {sockets} belongs to somebody else; remove it and start again\n"
