"""Runs one command of the Procfile and never lets it outlive `make run`, however that ends.

    python -m digest.leash COMMAND...

`digest.run` keeps a record lock on the file that JIANBAO_LEASH names. The kernel drops it when that process ends, even
by kill -9; this one waits for it and then ends the command and all its children.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time

from digest.keeper import PR_SET_PDEATHSIG

WAIT_SECONDS = 8


def main() -> None:
    os.setpgid(0, 0) if os.getpgrp() != os.getpid() else None
    child = subprocess.Popen(sys.argv[1:], preexec_fn=_die_with_parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _end(child))
    if os.environ.get("JIANBAO_LEASH"):
        threading.Thread(target=_watch, args=(child,), daemon=True).start()
    sys.exit(child.wait())


def _watch(child: "subprocess.Popen[bytes]") -> None:
    with open(os.environ["JIANBAO_LEASH"], "r+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)  # comes free when `digest.run` has ended
    _end(child)
    deadline = time.monotonic() + WAIT_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(0, signal.SIGKILL)


def _end(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


if __name__ == "__main__":
    main()
