"""Sets a checkout up: `.venv` from the lock file, the embedding model, the translations. Standard library only.

Run by `make setup` with the system's Python; safe to interrupt and to run again; does nothing where all is done.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED_BYTES = 3 * 2**30  # the packages take about 2 GiB, the model and the database the rest


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  it runs on whatever Python is there
        fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; try: make PYTHON=python3.11 run")
    os.chdir(BASE)
    with (BASE / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make run` side by side set up once
        make_environment()
        install("requirements.lock")
        if "--dev" in sys.argv:
            install("requirements-dev.lock")
        run_step("translations", [str(PYTHON), "-m", "digest.messages", "compile"])
        run_step("embedding model", [str(PYTHON), "manage.py", "prepare_model"])


def fail(line: str) -> None:
    sys.exit(f"jianbao: {line}")


def make_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    free = shutil.disk_usage(BASE).free
    if free < NEEDED_BYTES:
        fail(f"too little room: {free / 2**30:.1f} GiB free here, {NEEDED_BYTES / 2**30:.0f} GiB are needed")
    print("jianbao: making .venv", flush=True)
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        missing = "ensurepip" in done.stdout + done.stderr
        fail("Python's venv is missing; on Debian: apt-get install python3-venv" if missing else last(done.stderr))


def install(lock: str) -> None:
    """Install what `lock` pins, unless this very file was installed before."""
    wanted = (BASE / lock).read_text(encoding="utf-8")
    stamp = VENV / f"{lock}.installed"
    mark = hashlib.sha256(wanted.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == mark:
        return
    total = sum(1 for line in wanted.splitlines() if "==" in line)
    command = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", "-r", lock]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said, count = [], 0
    for line in process.stdout or []:
        said.append(line.strip())
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            count += 1
            bar(f"packages of {lock}", min(count, total), total, line.split()[1] if line.startswith("Coll") else "")
        elif line.startswith("Installing collected"):
            bar(f"packages of {lock}", total, total, "installing")
    if process.wait():
        errors = [line for line in said if line.startswith("ERROR") or "No space left" in line]
        print()
        fail(f"pip could not install {lock}: {(errors or said or ['no word'])[-1]}")
    bar(f"packages of {lock}", total, total, "done", end="\n")
    stamp.write_text(mark)


def run_step(name: str, command: list[str]) -> None:
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUTF8": "1"})
    if done.returncode:
        line = last(done.stderr)
        fail(line.removeprefix("jianbao: ") if line.startswith("jianbao: ") else f"{name}: {line}")


def last(text: str) -> str:
    return ([line for line in text.strip().splitlines() if line.strip()] or ["no word was left"])[-1]


def bar(label: str, done: int, total: int, note: str, end: str = "") -> None:
    if not sys.stdout.isatty():
        if end or done % 25 == 0:
            print(f"jianbao: {label} {done}/{total} {note}", flush=True)
        return
    filled = 24 * done // max(total, 1)
    print(
        f"\r\033[Kjianbao: {label} [{'#' * filled}{'.' * (24 - filled)}] {done}/{total} {note[:40]}",
        end=end,
        flush=True,
    )


if __name__ == "__main__":
    main()
