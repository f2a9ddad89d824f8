"""`make bench-web`: the web server beside the one before it, gunicorn's gthread worker, in the same run.

    python -m benchmarks.web [--short]

Both serve the demo's site on the same database. Clients run in another process, each with an address of its own.
Exits 1 where the new server answers fewer than all requests beside half-sent ones, or the old one does not freeze.
"""

import argparse
import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.signup import BASE, _wait_for, site_of_its_own

OLD = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
NEW: list[str] = []
PATHS = ["/about/"]
CLIENTS = [1, 16, 64]
HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
ASKED = 50
PATIENCE_SECONDS = 2.0


@dataclass
class Measured:
    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    cpu_ms: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="one round of two seconds a row instead of three")
    short = parser.parse_args().short
    with site_of_its_own():
        os.environ["ALLOWED_HOSTS"] = "*"
        from django.core.management import call_command

        call_command("demo", only_if_empty=True)
        with _served(OLD) as old, _served(NEW) as new:
            servers = {"gthread, 2 × 4": old, "waitress, 2 × 8": new}
            _rates(servers, seconds=2, rounds=1 if short else 3)
            ok = _frozen(servers)
    sys.exit(0 if ok else 1)


def _rates(servers: dict[str, tuple[int, int]], seconds: int, rounds: int) -> None:
    """Rounds alternate between the servers; the median round by requests a second is printed."""
    for port, _ in servers.values():
        _in_another_process(port, "/", 16, False, 3)  # not counted: every thread opens its database connection
    print("\n| page | clients | connections | server | requests/s | CPU ms a request | p50 ms | p99 ms | failed |")
    print("|---|---|---|---|---|---|---|---|---|")
    for path in PATHS:
        for clients in CLIENTS:
            for keep in (True, False):
                found: dict[str, list[Measured]] = {name: [] for name in servers}
                for _ in range(rounds):
                    for name, (port, master) in servers.items():
                        before = _cpu_seconds(master)
                        row = _in_another_process(port, path, clients, keep, seconds)
                        used = _cpu_seconds(master) - before
                        row.cpu_ms = used * 1000 / max(row.per_second * seconds, 1)
                        found[name].append(row)
                for name, rows in found.items():
                    row = sorted(rows, key=lambda each: each.per_second)[len(rows) // 2]
                    kind = "kept" if keep else "new each time"
                    figures = (
                        f"{row.per_second:.0f} | {row.cpu_ms:.1f} | {row.p50_ms:.1f} | {row.p99_ms:.1f} | {row.failed}"
                    )
                    print(f"| `{path}` | {clients} | {kind} | {name} | {figures} |", flush=True)


def _cpu_seconds(master: int) -> float:
    """Processor time of the workers: it says what a server costs on a machine that has other work as well."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    stats = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def _in_another_process(port: int, path: str, clients: int, keep: bool, seconds: int) -> Measured:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (port, path, clients, keep, seconds))


def measure(port: int, path: str, clients: int, keep: bool, seconds: int) -> Measured:
    times: list[float] = []
    failed: list[str] = []
    end = time.monotonic() + seconds

    def ask(source: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))
        while (start := time.monotonic()) < end:
            try:
                connection.request("GET", path, headers={} if keep else {"Connection": "close"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    failed.append(str(answer.status))
                times.append(time.monotonic() - start)
            except (OSError, http.client.HTTPException) as error:
                failed.append(repr(error))
                connection.close()

    threads = [threading.Thread(target=ask, args=(f"127.0.1.{1 + number}",)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    p50, p99 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.99))
    return Measured(len(times) / seconds, p50, p99, len(failed))


def _frozen(servers: dict[str, tuple[int, int]]) -> bool:
    """How many of fifty requests are answered within two seconds each while half-sent requests are open."""
    print(f"\n| open half-sent requests | server | answered of {ASKED} |\n|---|---|---|")
    answered = {}
    for number in (16, 200):
        for name, (port, _) in servers.items():
            with ExitStack() as stack:
                for _ in range(number):
                    client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                    client.sendall(HALF)
                time.sleep(0.5)
                answered[number, name] = _answered(port)
            print(f"| {number} | {name} | {answered[number, name]} |", flush=True)
    old, new = servers
    return answered[16, old] < ASKED and answered[16, new] == answered[200, new] == ASKED


def _answered(port: int) -> int:
    got: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, PATIENCE_SECONDS, source_address=("127.0.2.1", 0))
        try:
            connection.request("GET", "/about/", headers={"Connection": "close"})
            got.append(connection.getresponse().status)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    for _ in range(ASKED // 10):
        threads = [threading.Thread(target=ask) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return got.count(200)


@contextmanager
def _served(arguments: list[str]) -> Iterator[tuple[int, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *arguments]
    server = subprocess.Popen(command, cwd=BASE)
    try:
        _wait_for(port, server)
        yield port, server.pid
    finally:
        server.kill()  # the old one waits for its half-sent requests
        server.wait()


if __name__ == "__main__":
    main()
