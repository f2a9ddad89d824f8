"""A site under `python -m digest.run`, as `make run` starts it, and the processes that it is made of."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.real.corpus import BASE
from benchmarks.real.site import NOT_OURS
from digest.child import PR_SET_PDEATHSIG

START_S, STOP_S = 240.0, 40.0
READY = "stop   Ctrl-C"
# What a process is known by: a part of its command line, and of its parent's.
KNOWN = {
    "web": ("gunicorn", "digest.leash"),
    "worker": ("--queues crawl,default", "digest.leash"),
    "mail": ("--queues mail", "digest.leash"),
    "gpu": ("--queues gpu", "digest.leash"),
    "scheduler": ("digest.celery beat", "digest.leash"),
    "PostgreSQL": ("bin/postgres", "digest.keeper"),
    "Valkey": ("valkey", "digest.keeper"),
    "keeper": ("digest.keeper", ""),
}


@dataclass(frozen=True)
class Line:
    """A line that the site printed: when (time.monotonic), by whom, what."""

    at: float
    who: str
    text: str


class Run:
    """One `digest.run`, with all that it prints."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.port, self.var = port, environment["JIANBAO_VAR"]
        self.lines: list[Line] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "digest.run"],
            cwd=BASE,
            env=environment | {"PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=_die_with_parent,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or []:
            head, _, text = line.rstrip("\n").partition(" | ")
            words = head.split()
            who = words[1] if text and len(words) > 1 else "run"
            self.lines.append(Line(time.monotonic(), who, text or head))

    def await_ready(self) -> None:
        end = time.monotonic() + START_S
        while not any(READY in line.text for line in list(self.lines)):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the site does not start:\n" + "\n".join(line.text for line in self.lines[-20:]))
            time.sleep(0.1)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self._reader.join(STOP_S)  # until the last of its processes has closed the pipe
        if self.process.stdout:
            self.process.stdout.close()

    def pid(self, name: str) -> int:
        """The main process behind `name` of KNOWN; 0 where none runs."""
        tree = processes()
        mine = _below(tree, self.process.pid)
        for pid, (parent, words) in tree.items():
            own, above = KNOWN[name]
            if own not in words or "digest.leash" in words:
                continue
            if name == "keeper" and _var(pid) == self.var:
                return pid
            if name in ("PostgreSQL", "Valkey") and parent == self.pid("keeper"):
                return pid
            if above == "digest.leash" and pid in mine and above in tree.get(parent, (0, ""))[1]:
                return pid
        return 0

    def all_pids(self, name: str) -> list[int]:
        """The main process and everything below it.

        The keeper stands alone: it may be a child of whichever process started it again, and the services are its own.
        """
        main, keeper = self.pid(name), self.pid("keeper")
        if name == "keeper" or not main:
            return [main] if main else []
        tree = processes()
        apart = {keeper, *_below(tree, keeper)} if name not in ("PostgreSQL", "Valkey") else set()
        return [pid for pid in [main, *_below(tree, main)] if pid not in apart]


class Asked:
    """A process that answers from the site's database (inside.py)."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.processes.inside"],
            cwd=BASE,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=_die_with_parent,
        )

    def __call__(self, command: str, **given: Any) -> Any:
        print(json.dumps({"command": command, **given}), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline() if self.process.stdout else ""
        if not answer:
            raise RuntimeError(f"{command}: the one who counts has ended")
        return json.loads(answer)

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def environment(var: Path, settings: dict[str, str]) -> dict[str, str]:
    """Said to be empty rather than left out: a `.env` of this checkout would fill them in, with a real site's."""
    unset = {"JIANBAO_TESTING", "DJANGO_SETTINGS_MODULE"}
    given = {name: value for name, value in os.environ.items() if name not in unset}
    own = {"JIANBAO_VAR": str(var), "DJANGO_SETTINGS_MODULE": "digest.settings", "PYTHONUTF8": "1"}
    return given | dict.fromkeys(NOT_OURS, "") | own | settings


def processes() -> dict[int, tuple[int, str]]:
    """Every process: its parent and its command line."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError, IndexError, ValueError):
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                found[int(entry.name)] = (parent, words)
    return found


def signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _below(tree: dict[int, tuple[int, str]], root: int) -> list[int]:
    return [*_walk(tree, root)]


def _walk(tree: dict[int, tuple[int, str]], root: int) -> Iterator[int]:
    for pid, (parent, _) in tree.items():
        if parent == root:
            yield pid
            yield from _walk(tree, pid)


def _var(pid: int) -> str:
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            if entry.startswith(b"JIANBAO_VAR="):
                return entry.partition(b"=")[2].decode()
    return ""


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
