"""One listening socket: makes room when there are too many connections, and closes the slow ones."""

import logging
import socket
import time
from collections import Counter
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import BaseWSGIServer, TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher

from digest.web.channel import Channel
from digest.web.limits import MIB, Limits

log = logging.getLogger(__name__)
REPORT_SECONDS = 60


def adjustments(limits: Limits) -> Adjustments:
    """Waitress's own settings. Forwarded headers reach Django as they came: digest/network.py judges them."""
    found = Adjustments(
        asyncore_use_poll=True,
        connection_limit=2 * limits.connections,  # never reached: `_make_room` keeps to the limit
        clear_untrusted_proxy_headers=False,
        ident="",
        inbuf_overflow=max(limits.body_bytes, MIB // 4),
        log_socket_errors=False,
        max_request_header_size=limits.header_bytes,
        recv_bytes=32 * 1024,
    )
    found.limits = limits
    return found


class Server(BaseWSGIServer):  # type: ignore[misc]
    channel_class = Channel
    limits: Limits
    trusted: tuple[str, ...] = ()  # peers whose X-Forwarded-Proto sets the scheme, as gunicorn's forwarded_allow_ips
    per_client = True
    check_at = report_at = 0.0

    def __init__(self, *given: Any, **named: Any) -> None:
        self.counts: Counter[str] = Counter()
        self.limits = named["adj"].limits
        super().__init__(*given, **named)

    def count(self, what: str) -> None:
        self.counts[what] += 1

    def may_forward(self, address: str) -> bool:
        return self.family == socket.AF_UNIX or "*" in self.trusted or address in self.trusted

    def maintenance(self, now: float) -> None:
        """Waitress calls this before it reads what has arrived: too early to judge a client, see `close_slow`."""

    def close_slow(self) -> None:
        """Check every connection once a second. Call it after a poll: what has arrived is read by then."""
        now = time.monotonic()
        if now < self.check_at:
            return
        self.check_at = now + 1
        for channel in list(self.active_channels.values()):
            channel.check(now)
        if self.counts and now > self.report_at:
            self.report_at = now + REPORT_SECONDS
            counts, self.counts = self.counts, Counter()
            log.warning("refused or closed: %s", ", ".join(f"{what}: {n}" for what, n in sorted(counts.items())))

    def handle_accept(self) -> None:
        before = len(self._map)
        super().handle_accept()
        if len(self._map) > before:
            self._make_room(next(reversed(self.active_channels.values())))

    def _make_room(self, new: Channel) -> None:
        everyone = [channel for channel in self._map.values() if isinstance(channel, Channel)]
        if self.per_client and self.family != socket.AF_UNIX:
            same = [channel for channel in everyone if channel.client == new.client]
            if len(same) > self.limits.connections_per_client:
                self._close_one(same, new)
                return
        if len(everyone) > self.limits.connections:
            self._close_one(everyone, new)

    def _close_one(self, channels: list[Channel], new: Channel) -> None:
        idle = [channel for channel in channels if not channel.requests and channel is not new]
        self.count("closed to make room")
        min(idle, key=lambda channel: channel.age_order, default=new).handle_close()


class TcpServer(Server, TcpWSGIServer):  # type: ignore[misc]
    pass


class UnixServer(Server, UnixWSGIServer):  # type: ignore[misc]
    def fix_addr(self, addr: object) -> tuple[str, None]:
        return "", None


def listen(sock: socket.socket, application: Any, map: Any, dispatcher: ThreadedTaskDispatcher, adj: Any) -> Server:
    """Serve a socket that is bound already; the events of all sockets go through `map`."""
    kind = UnixServer if sock.family == socket.AF_UNIX else TcpServer
    sockinfo = (sock.family, sock.type, sock.proto, sock.getsockname())
    return kind(application, map, _sock=sock, dispatcher=dispatcher, adj=adj, sockinfo=sockinfo, bind_socket=False)
