"""A real SMTP relay on loopback that keeps a ledger; it can refuse, hang up, or say nothing, by rule.

Also a program: `python -m tests.digest.mailing.sink LEDGER` prints its port and appends each Message-ID to a file.
"""

import asyncio
import email
import email.policy
import logging
import random
import re
import sys
import threading
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

Rule = Callable[[Envelope], str | None]
logging.getLogger("mail.log").setLevel(logging.WARNING)
HANG_UP_BEFORE, HANG_UP_AFTER = "hang up before the answer", "take it and hang up"


class Handler:
    def __init__(self, keep: Callable[[Envelope], None], delay: float = 0.0) -> None:
        self.keep, self.delay = keep, delay
        self.on_rcpt: Rule = lambda envelope: None
        self.on_data: Rule = lambda envelope: None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.on_rcpt(envelope) or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.on_data(envelope)
        if answer is None or answer == HANG_UP_AFTER:
            self.keep(envelope)  # first of all: the client may be gone before anything that is awaited comes back
        if answer in {HANG_UP_BEFORE, HANG_UP_AFTER}:
            server.transport.close()
        elif self.delay:
            await asyncio.sleep(random.uniform(0, self.delay))  # noqa: S311
        return answer if answer and answer[0].isdigit() else "250 OK"


class Sink:
    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.handler = Handler(self.letters.append)
        self._loop = asyncio.new_event_loop()
        # In its thread from the start: the caller's may run a loop of its own already, as with a browser open.
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        begun = asyncio.run_coroutine_threadsafe(_serve(self._loop, self.handler), self._loop)
        self._server = begun.result()
        self.port = int(self._server.sockets[0].getsockname()[1])

    def parsed(self, number: int = 0) -> EmailMessage:
        content = self.letters[number].original_content or b""
        return email.message_from_bytes(content, policy=email.policy.SMTP)  # type: ignore[return-value]

    def ids(self) -> list[str]:
        return [message_id(letter) for letter in self.letters]

    def recipients(self) -> list[str]:
        return [address for letter in self.letters for address in letter.rcpt_tos]

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(_end_all, self._loop)
        self._thread.join()
        self._loop.close()


async def _serve(loop: asyncio.AbstractEventLoop, handler: Handler) -> asyncio.Server:
    return await loop.create_server(lambda: SMTP(handler, loop=loop, hostname="sink", timeout=60), "127.0.0.1", 0)


def _end_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    gathered = asyncio.gather(*tasks, return_exceptions=True)
    gathered.add_done_callback(lambda _: loop.call_later(0.05, loop.stop))


def message_id(letter: Envelope) -> str:
    found = re.search(rb"(?im)^message-id:\s*(\S+)", letter.original_content or b"")
    return found.group(1).decode() if found else ""


def main() -> None:
    ledger = open(sys.argv[1], "a", buffering=1)  # noqa: SIM115 it is open for as long as we run
    handler = Handler(lambda letter: print(message_id(letter), file=ledger), delay=0.004)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(_serve(loop, handler))
    print(server.sockets[0].getsockname()[1], flush=True)
    loop.run_forever()


if __name__ == "__main__":
    main()
