"""Runs the commands of the Procfile, prints what they print, and starts each that ends again."""

import datetime
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from honcho.colour import get_colours
from honcho.printer import Message, Printer

BACK_OFF_SECONDS = (0.2, 1.0, 2.0, 5.0)  # before the first start again, the second, …
STEADY_SECONDS = 20.0  # a command that ran so long begins the back-off anew
STOP_SECONDS = 5.0  # from SIGTERM to SIGKILL
STOP_SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}
READ_BYTES = 65_536
LINE_BYTES = 16_384  # a longer line is printed in pieces


def ended(status: int) -> str:
    """Say how a process ended: by which signal, or with which exit code. A shell gives 128 + n for signal n."""
    number = -status if status < 0 else status - 128 if status > 128 else 0
    return f"signal {number}" if number else f"exit code {status}"


@dataclass
class BackOff:
    """How long to wait before a process that ended is started again. Times are of `time.monotonic`, in seconds."""

    failures: int = 0
    began: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        self.began = time.monotonic()

    def end(self) -> float:
        """Note an end. Returns the seconds until the next start."""
        if time.monotonic() - self.began >= STEADY_SECONDS:
            self.failures = 0
        wait = BACK_OFF_SECONDS[min(self.failures, len(BACK_OFF_SECONDS) - 1)]
        self.failures += 1
        self.due = time.monotonic() + wait
        return wait


@dataclass
class Command:
    """One line of the Procfile and the process that runs it."""

    name: str
    words: str
    colour: str
    process: "subprocess.Popen[bytes] | None" = None
    unfinished: bytes = b""  # the beginning of a line whose end is not printed yet
    back_off: BackOff = field(default_factory=BackOff)


class Supervisor:
    """Owns the processes of `commands` (name to shell command), each in a session of its own, until a stop signal."""

    def __init__(self, commands: dict[str, str], environment: dict[str, str], folder: Path) -> None:
        colours = get_colours()
        self.commands = [Command(name, words, next(colours)) for name, words in commands.items()]
        self.environment = environment
        self.folder = folder
        self.selector = selectors.DefaultSelector()
        width = max(9, *(len(command.name) for command in self.commands))
        self.printer = Printer(sys.stdout, width=width, colour=sys.stdout.isatty())
        self.status: int | None = None  # what the run exits with, once it is to stop

    def run(self) -> int:
        """Run until SIGINT or SIGTERM, then end every process. Returns the exit status."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        for command in self.commands:
            self._start(command)
        while self.status is None:
            self._print_what_comes(0.2)
            for command in self.commands:
                self._look_after(command)
        self._end_all()
        return self.status

    def _stop(self, number: int, _frame: object) -> None:
        self.status = STOP_SIGNALS[signal.Signals(number)]

    def _start(self, command: Command) -> None:
        command.back_off.start()
        process = subprocess.Popen(  # noqa: S602  a Procfile's lines are the shell's
            command.words,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        command.process = process
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self.selector.register(process.stdout, selectors.EVENT_READ, command)

    def _look_after(self, command: Command) -> None:
        """Start a command that ended again, when its back-off is over."""
        if command.process is None:
            if time.monotonic() >= command.back_off.due:
                self._start(command)
            return
        status = command.process.poll()
        if status is None:
            return
        self._forget(command)
        wait = command.back_off.end()
        later = f" in {wait:.0f} s" if wait >= 1 else ""
        self._say("system", f"{command.name} ended ({ended(status)}), starting it again{later}")

    def _forget(self, command: Command) -> None:
        """Print the last words of an ended process and close its pipe, whoever else still holds it."""
        process, command.process = command.process, None
        if process and process.stdout:
            self._read(command, process)
            if command.unfinished:
                self._say(command.name, command.unfinished.decode("utf-8", "replace"), command.colour)
                command.unfinished = b""
            with suppress(KeyError):
                self.selector.unregister(process.stdout)
            process.stdout.close()

    def _print_what_comes(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            command = key.data
            if command.process and not self._read(command, command.process):
                self.selector.unregister(key.fileobj)  # it closed its output; its end is seen by poll

    def _read(self, command: Command, process: "subprocess.Popen[bytes]") -> bool:
        """Print the lines that are there. Returns False at the end of the pipe."""
        while process.stdout:
            try:
                piece = os.read(process.stdout.fileno(), READ_BYTES)
            except BlockingIOError:
                return True
            *lines, command.unfinished = (command.unfinished + piece).split(b"\n")
            if len(command.unfinished) > LINE_BYTES:
                lines.append(command.unfinished)
                command.unfinished = b""
            for line in lines:
                self._say(command.name, line.decode("utf-8", "replace"), command.colour)
            if not piece:
                return False
        return False

    def _say(self, name: str, line: str, colour: str | None = None) -> None:
        self.printer.write(Message("line", line or " ", datetime.datetime.now(), name, colour))

    def _end_all(self) -> None:
        for command in self.commands:
            if command.process:
                with suppress(ProcessLookupError):
                    command.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(command.process and command.process.poll() is None for command in self.commands):
            self._print_what_comes(0.05)
            if time.monotonic() > deadline:
                self._kill_all()
                break
        for command in self.commands:
            self._forget(command)

    def _kill_all(self) -> None:
        for command in self.commands:
            if command.process and command.process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(command.process.pid, signal.SIGKILL)
