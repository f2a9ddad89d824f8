"""The supervisor starts again what ends, with a growing pause and a line each; it leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest import processes
from digest.processes import BackOff, ended

CODE = """
import os, sys
from pathlib import Path
from digest.processes import Supervisor
commands = {"short": "echo up; exec sh -c 'sleep 0.1; kill -9 $$'", "long": "echo pid $$; exec sleep 1000"}
sys.exit(Supervisor(commands, dict(os.environ), Path(sys.argv[1])).run())
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    root = Path(processes.__file__).resolve().parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"},
    )
    yield process
    process.kill()
    process.communicate()


def _words(process: "subprocess.Popen[str]") -> Iterator[tuple[str, str]]:
    """Name and words of each line that is printed."""
    for line in process.stdout or []:
        name, words = line.rstrip("\n").split(" | ", 1)
        yield name.split()[1], words


def test_a_command_that_ends_is_started_again_and_the_others_run_on(supervisor: "subprocess.Popen[str]") -> None:
    said: list[str] = []
    pids = []
    for name, words in _words(supervisor):
        if name == "long":
            pids.append(int(words.removeprefix("pid ")))
        else:
            said.append(words)
        if len(said) == 6:
            break
    assert said == [
        "up",
        "short ended (signal 9), starting it again",
        "up",
        "short ended (signal 9), starting it again in 1 s",
        "up",
        "short ended (signal 9), starting it again in 2 s",
    ]
    assert len(pids) == 1
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(30) == 143
    for _ in range(100):
        if not Path(f"/proc/{pids[0]}").exists():
            return
        time.sleep(0.1)
    raise AssertionError("the other command outlived the supervisor")


def test_the_pause_grows_and_a_steady_run_begins_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(processes.time, "monotonic", lambda: now[0])
    back_off = BackOff()
    waits = []
    for _ in range(5):
        back_off.start()
        now[0] += 19.9
        waits.append(back_off.end())
    back_off.start()
    now[0] += 20.0
    waits.append(back_off.end())
    assert waits == [0.2, 1.0, 2.0, 5.0, 5.0, 0.2]
    assert back_off.due == now[0] + 0.2


@pytest.mark.parametrize(
    ("status", "said"), [(-9, "signal 9"), (137, "signal 9"), (0, "exit code 0"), (3, "exit code 3")]
)
def test_how_a_process_ended(status: int, said: str) -> None:
    assert ended(status) == said
