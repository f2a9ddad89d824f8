"""A real SMTP server on loopback that takes its time, as a relay does, and writes down what it accepted."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.real.corpus import free_port

BEFORE_S, AFTER_S = 0.08, 0.02  # of thought before a letter is accepted, and before that is said


class Sink:
    def __init__(self) -> None:
        self.accepted: list[tuple[str, str]] = []  # (recipient, Message-ID)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(BEFORE_S)
        number = str(message_from_bytes(envelope.content)["Message-ID"])
        self.accepted += [(recipient, number) for recipient in envelope.rcpt_tos]
        await asyncio.sleep(AFTER_S)
        return "250 accepted"


@contextmanager
def slow_sink() -> Iterator[tuple[str, Sink]]:
    """The EMAIL_URL that leads to the sink, and the sink."""
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", sink
    finally:
        controller.stop()
