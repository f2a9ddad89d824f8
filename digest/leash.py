"""Runs one command of the Procfile and never lets it outlive `make run`, however that ends.

    python -m digest.leash COMMAND...

`digest.run` keeps a record lock on the file that JIANBAO_LEASH names. The kernel drops it when that process ends, even
by kill -9; this one waits for it and then ends the command and all its children. The command is a session of its own,
so that a signal meant to stop it reaches its main process once, and not its children.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time

from digest.child import PR_SET_PDEATHSIG

WAIT_SECONDS = 4.0  # the supervisor kills after five (STOP_SECONDS)


def main() -> None:
    child = subprocess.Popen(sys.argv[1:], start_new_session=True, preexec_fn=_die_with_parent)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    if path := os.environ.get("JIANBAO_LEASH"):
        threading.Thread(target=_watch, args=(path, ending), daemon=True).start()
    while child.poll() is None and not ending.wait(0.2):
        pass
    _end(child)
    status = 0 if ending.is_set() else child.returncode
    sys.exit(status if status >= 0 else 128 - status)  # as a shell tells of a signal


def _watch(path: str, ending: threading.Event) -> None:
    with open(path, "r+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)  # comes free when `digest.run` has ended
    ending.set()


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Ask the command to end; kill what is left of its session after a while."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    deadline = time.monotonic() + WAIT_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


if __name__ == "__main__":
    main()
