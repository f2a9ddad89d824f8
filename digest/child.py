"""How a service's process begins and ends: as whom, tied to its parent's life, and how a forgotten one is ended."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from digest.embedded import VAR_DIR

PR_SET_PDEATHSIG, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, PR_SET_KEEPCAPS = 1, 47, 2, 8
CAP_DAC_OVERRIDE = 1


class ServiceFailed(Exception):
    """A service does not start; the message is for a person."""


def become(user: pwd.struct_passwd | None, death: signal.Signals) -> Callable[[], None]:
    """What a child does before it becomes its program: become `user`, and die when this process dies."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def turn() -> None:
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

    return turn


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


def end_leftover(pid_file: Path, name: str) -> None:
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


def last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
    fatal = [line for line in lines if "FATAL" in line or "No space" in line or "Can't" in line]
    return (fatal or lines or ["it left no word"])[-1]
