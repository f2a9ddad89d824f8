"""A TCP connection to the very address that was vetted, or to the operator's proxy."""

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest

from news.http.deadline import Deadline
from news.http.errors import FetchError, Reason
from news.http.guard import Guard, Target

CONNECT_SECONDS = 10.0
_ADDRESSES = 4  # of a host, that are tried


def dial(target: Target, guard: Guard, deadline: Deadline) -> socket.socket:
    """Resolve, vet and connect in one go: nobody asks the resolver a second time. Raises FetchError."""
    addresses = _by_turns(guard.addresses(target, deadline))[:_ADDRESSES]
    ends = time.monotonic() + min(CONNECT_SECONDS, deadline.left())
    problem: OSError | None = None
    for tried, address in enumerate(addresses):
        share = max(0.1, (ends - time.monotonic()) / (len(addresses) - tried))
        try:
            return _watched(_vetted(_connect(address, target.port, share), address, guard), deadline)
        except OSError as error:
            problem = error
    late = isinstance(problem, TimeoutError)
    raise FetchError(Reason.TIMEOUT if late else Reason.CONNECT, detail=f"{target.host}: {problem}") from problem


def dial_proxy(host: str, port: int, deadline: Deadline) -> socket.socket:
    try:
        return _watched(socket.create_connection((host, port), min(CONNECT_SECONDS, deadline.left())), deadline)
    except OSError as error:
        raise FetchError(Reason.PROXY, detail=f"{host}:{port}: {error}") from error


def _by_turns(addresses: list[str]) -> list[str]:
    """The families by turns, so that a network whose IPv6 leads nowhere still gets to IPv4."""
    first = [address for address in addresses if (":" in address) is (":" in addresses[0])]
    other = [address for address in addresses if address not in first]
    return [address for pair in zip_longest(first, other) for address in pair if address]


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    with _closing_on_error(connection):
        connection.settimeout(seconds)
        connection.connect((address, port))
    return connection


def _vetted(connection: socket.socket, address: str, guard: Guard) -> socket.socket:
    with _closing_on_error(connection):
        peer = connection.getpeername()[0]
        if ipaddress.ip_address(peer) != ipaddress.ip_address(address) or not guard.permit(peer):
            raise FetchError(Reason.SSRF_POLICY, detail=f"connected to {peer} instead of {address}")
    return connection


def _watched(connection: socket.socket, deadline: Deadline) -> socket.socket:
    """Every later wait may take what is left of the whole; the deadline cuts it there."""
    with _closing_on_error(connection):
        deadline.watch(connection)
        connection.settimeout(deadline.left())
    return connection


@contextmanager
def _closing_on_error(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise
