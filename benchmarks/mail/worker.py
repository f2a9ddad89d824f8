"""A sender in a process of its own, to be killed. It is forked, so it sends at once: one that has to start Django first
would meet most kills while it imports.
"""

import multiprocessing
import time
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

_FORK = multiprocessing.get_context("fork")


def start(port: int, ledger: Path | None) -> BaseProcess:
    """Send to the relay at this port until nothing waits. With its ledger the relay can be asked what it took."""
    from django.db import connections

    connections.close_all()  # a forked connection is one that two processes speak over
    process = _FORK.Process(target=_send, args=[port, ledger])
    process.start()
    return process


def _send(port: int, ledger: Path | None) -> None:
    from digest.mailing import relay, send
    from digest.mailing.models import Delivery

    use(port, seconds=30)
    open_states = ["pending", "claimed", "committing"]
    if ledger:
        relay.SmtpCarrier.took = partial(_took, ledger)  # type: ignore[method-assign]
        open_states.append("unknown")
    while Delivery.objects.filter(state__in=open_states).exists():
        send.deliver(seconds=5)
        time.sleep(0.1)


def use(port: int, seconds: float) -> None:
    """Let this process mail to the relay at this port, and wait so long for each answer."""
    from django.conf import settings

    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT, settings.EMAIL_URL = port, seconds, f"smtp://127.0.0.1:{port}"


def _took(ledger: Path, message_id: str) -> bool:
    return message_id in ledger.read_text().split()
