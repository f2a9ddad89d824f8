"""A real SMTP server on loopback that writes down what it accepted before it says so."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.real.corpus import free_port


class Sink:
    def __init__(self) -> None:
        self.accepted: list[tuple[str, str]] = []  # (recipient, Message-ID)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        # Before any await: a client that goes away cancels this, and a mail that was accepted must not be forgotten.
        number = message_from_bytes(envelope.content)["Message-ID"]
        self.accepted += [(recipient, number) for recipient in envelope.rcpt_tos]
        return "250 accepted"

    @property
    def twice(self) -> int:
        return sum(count - 1 for count in Counter(recipient for recipient, _ in self.accepted).values())


@contextmanager
def smtp_sink() -> Iterator[tuple[str, Sink]]:
    """The sink and the EMAIL_URL that leads to it."""
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", sink
    finally:
        controller.stop()
