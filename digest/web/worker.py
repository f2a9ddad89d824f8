"""The gunicorn worker: one process that serves the master's sockets with waitress."""

import dataclasses
import logging
import os
import resource
import time
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.task import ThreadedTaskDispatcher

from digest.web.channel import Channel
from digest.web.limits import Limits
from digest.web.server import Server, adjustments, listen

OTHER_FILES = 200  # database, log, threads' sockets
FILES_PER_CONNECTION = 3  # its socket, a large body, a large answer
POLL_SECONDS = 1.0


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Starts a thread when all others are busy: few clients stay with few threads, whose caches are warm."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.set_thread_count(1)

    def add_task(self, task: Channel) -> None:
        with self.lock:
            started = len(self.threads)
            are_busy = len(self.queue) >= started - self.active_count
        if are_busy and started < self.most:
            self.set_thread_count(started + 1)
        super().add_task(task)


class WaitressWorker(Worker):  # type: ignore[misc]
    limits = Limits()
    servers: tuple[Server, ...] = ()

    def run(self) -> None:
        """The main loop. The master kills a worker that does not `notify` for --timeout seconds."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for every request that waits a moment
        logging.getLogger("waitress").setLevel(logging.WARNING)
        self.map: dict[int, Any] = {}
        self.dispatcher = Threads(self.cfg.threads)
        self.servers = tuple(self._listen())
        while self.alive and self.ppid == os.getppid() and self._accepts():
            self._turn(POLL_SECONDS)
        self._stop()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        for server in self.servers:
            server.pull_trigger()  # ends the wait in poll

    def _accepts(self) -> bool:
        """Waitress closes a listening socket after an unexpected error: the master then starts another worker."""
        return all(server.accepting for server in self.servers)

    def _turn(self, seconds: float) -> None:
        self.notify()
        wasyncore.poll2(seconds, self.map)
        for server in self.servers:
            server.close_slow()

    def _listen(self) -> list[Server]:
        from django.conf import settings

        adj = adjustments(dataclasses.replace(self.limits, connections=_connections(self.limits.connections)))
        servers = [listen(given.sock, self.wsgi, self.map, self.dispatcher, adj) for given in self.sockets]
        for server in servers:
            server.trusted = tuple(self.cfg.forwarded_allow_ips)
            server.per_client = not settings.TRUSTED_PROXIES
        return servers

    def _stop(self) -> None:
        """Answer what has been received, for graceful_timeout seconds at most, and accept nothing more."""
        for server in self.servers:
            server.accepting = False
        now = start = time.monotonic()
        while (channels := self._channels()) and now < start + self.cfg.graceful_timeout:
            for channel in channels:
                if channel.is_waiting and (channel.request is None or now > start + self.limits.stop_seconds):
                    channel.handle_close()
            self._turn(0.1)
            now = time.monotonic()
        self.dispatcher.shutdown(timeout=1)

    def _channels(self) -> list[Channel]:
        return [channel for channel in self.map.values() if isinstance(channel, Channel)]


def _connections(wanted: int) -> int:
    """As many connections as the limit of open files allows; the soft limit is raised for them where possible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = OTHER_FILES + FILES_PER_CONNECTION * wanted
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    enough = soft == resource.RLIM_INFINITY or soft >= needed
    return wanted if enough else max((soft - OTHER_FILES) // FILES_PER_CONNECTION, 50)
