"""A real SMTP server on loopback that does to each letter what a script says, and records what it took.

As a program, in a process of its own: `python -m benchmarks.mail.scripted FAULT LEDGER` prints its port, appends the
Message-ID of each letter that it took to the file LEDGER, and ends when its standard input does.
"""

import random
import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import BinaryIO

Script = Callable[[str], str]  # recipient → one of FATES
FATES = ("take", "450", "550", "reset in DATA", "421 in DATA", "reset, taken", "reset, lost", "hang, taken")
RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST
THINKS_S = 0.004  # at most, before it answers the dot: a killed sender may be waiting for it


class ScriptedRelay:
    def __init__(self, script: Script, keep: Callable[[str, str], None] | None = None) -> None:
        self.taken: list[tuple[str, str]] = []  # (recipient, Message-ID)
        self.asked: list[str] = []  # each recipient that was named, in order
        self.script, self._keep = script, keep or (lambda recipient, number: None)
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._server.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError), client.makefile("rwb") as wire:
            self._converse(wire)  # type: ignore[arg-type] # a BufferedRWPair is as good
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.close()

    def _converse(self, wire: BinaryIO) -> None:
        """Answer commands until the client leaves, or the script breaks the connection."""
        _say(wire, "220 scripted")
        recipient, fate = "", "take"
        for line in wire:
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                self.asked.append(recipient)
                fate = self.script(recipient)
                _say(wire, f"{fate} no" if fate.isdigit() else "250 ok")
            elif verb == b"DATA":
                if not self._letter(wire, recipient, fate):
                    return
            else:
                _say(wire, "221 bye" if verb == b"QUIT" else "250 ok")

    def _letter(self, wire: BinaryIO, recipient: str, fate: str) -> bool:
        """One letter to its end; False where the connection ends with it."""
        _say(wire, "354 go on")
        if fate.endswith("in DATA"):
            wire.readline()
            if fate == "421 in DATA":
                _say(wire, "421 shutting down")
            return False
        number = _read(wire)
        if not number:
            return False  # cut off before the dot: this is no letter (RFC 5321, 4.1.1.4)
        if fate != "reset, lost":
            self.taken.append((recipient, number))
            self._keep(recipient, number)
        if fate == "hang, taken":
            wire.read(1)
        if fate != "take":
            return False
        time.sleep(random.uniform(0, THINKS_S))  # noqa: S311
        _say(wire, "250 taken")
        return True


def _read(wire: BinaryIO) -> str:
    """The Message-ID of a letter that came as far as its dot."""
    number = ""
    for line in wire:
        if line == b".\r\n":
            return number
        found = re.match(rb"(?i)message-id:\s*(\S+)", line)
        number = number or (found[1].decode() if found else "")
    return ""


def _say(wire: BinaryIO, line: str) -> None:
    wire.write(f"{line}\r\n".encode())
    wire.flush()


def scripts() -> dict[str, Script]:
    """The faults of `make prove-mail` by name. The same letters meet the same fates in each run."""
    return {fate: partial(_always, fate) for fate in FATES} | {"random mix": _Mix()}


def _always(fate: str, recipient: str) -> str:
    return fate


class _Mix:
    """Half of the letters are taken at once; of the others only a 550 stays when they are tried again."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}

    def __call__(self, recipient: str) -> str:
        if recipient in self.first:
            return "550" if self.first[recipient] == "550" else "take"
        dice = random.Random(recipient)  # noqa: S311
        self.first[recipient] = dice.choice([*FATES[:-1], *["take"] * 6])
        return self.first[recipient]


def main() -> None:
    fault, path = sys.argv[1:]
    ledger = open(path, "a", buffering=1)  # noqa: SIM115 it is open for as long as we run
    relay = ScriptedRelay(scripts()[fault], lambda recipient, number: print(recipient, number, file=ledger))
    print(relay.port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
