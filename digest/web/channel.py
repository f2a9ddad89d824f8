"""One connection: closed when its client is too slow in sending a request or in taking the answer."""

import ipaddress
import math
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel

from digest.web.request import Refusal, Request, Task, refusal


class Channel(HTTPChannel):  # type: ignore[misc]
    parser_class, task_class, error_task_class = Request, Task, Refusal
    has_answered = False
    is_refused = False  # the answer that is being sent is a refusal, the connection lingers after it
    receiving_since: float | None = None  # first byte of a request that is not complete
    sending_since: float | None = None
    sent_bytes = 0
    lingering_since: float | None = None
    lingering_bytes = 0

    def __init__(self, server: Any, sock: socket.socket, addr: tuple[Any, ...], adj: Any, map: Any = None) -> None:
        self.waiting_since = time.monotonic()
        self.client = _client(addr[0])
        super().__init__(server, sock, addr, adj, map=map)

    @property
    def is_waiting(self) -> bool:
        """Nothing is being answered: the connection may be closed with no loss to its client's last request."""
        return not self.requests and not self.total_outbufs_len

    @property
    def since(self) -> float:
        return self.receiving_since or self.waiting_since

    @property
    def age_order(self) -> tuple[bool, float]:
        """Which to close first where there are too many: those that wait, the oldest first."""
        return bool(self.total_outbufs_len), self.since

    def deadline(self) -> float:
        """When the client must have sent its request, by `time.monotonic()`."""
        limits = self.server.limits
        if self.request is not None and self.request.headers_finished:
            extra = limits.body_seconds + self.request.body_bytes_received / limits.min_bytes_per_second
            return self.since + limits.header_seconds + extra
        if self.has_answered and self.receiving_since is None and self.request is None:
            return self.since + limits.keep_alive_seconds
        return self.since + limits.header_seconds

    def check(self, now: float) -> None:
        """Close or refuse what is past its limit. The server calls it every second."""
        if self.lingering_since is not None:
            if now > self.lingering_since + self.server.limits.linger_seconds:
                self.handle_close()
        elif self.total_outbufs_len:
            self._check_sending(now)
        else:
            self.sending_since = None
            if self.is_waiting and not self.close_when_flushed and now > self.deadline():
                self._end_waiting()

    def _check_sending(self, now: float) -> None:
        limits = self.server.limits
        if self.sending_since is None:
            self.sending_since, self.sent_bytes = now, 0
        elif now > self.sending_since + limits.send_seconds + self.sent_bytes / limits.min_bytes_per_second:
            self.server.count("slow reader")
            self.handle_close()

    def _end_waiting(self) -> None:
        if self.receiving_since is None and self.request is None:
            self.handle_close()  # nothing was asked: an answer could be taken for that of the next request
            return
        self.server.count("408")
        answer = refusal(408)
        with self.outbuf_lock:
            self.outbufs[-1].append(answer)
            self.total_outbufs_len += len(answer)
            self.is_refused = self.close_when_flushed = True

    # --- what waitress calls ------------------------------------------------------------------------------------------

    def received(self, data: bytes) -> bool:
        if self.receiving_since is None:
            self.receiving_since = time.monotonic()
        return bool(super().received(data))

    def service(self) -> None:
        """Answer one request, in a thread; the main thread may call `check` at any moment of it."""
        self.receiving_since, self.waiting_since, self.has_answered = None, math.inf, True
        try:
            super().service()
        finally:
            self.waiting_since = time.monotonic()

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close)
        self.sent_bytes += sent
        return sent

    def readable(self) -> bool:
        return self.lingering_since is not None or super().readable()

    def handle_read(self) -> None:
        if self.lingering_since is None:
            super().handle_read()
            return
        self.lingering_bytes += len(self.recv(self.adj.recv_bytes))
        if self.lingering_bytes > self.server.limits.linger_bytes:
            self.handle_close()

    def handle_write(self) -> None:
        if not (self.is_refused and self.close_when_flushed and not self.requests and not self.will_close):
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.connected and not self.total_outbufs_len:
            self._linger()

    def _linger(self) -> None:
        """Close our half only: a close with unread bytes resets the connection, and the answer may be lost."""
        self.close_when_flushed = False
        self.lingering_since = time.monotonic()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.handle_close()


def _client(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: one host can take any address of its own /64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
