"""A sender in a process of its own, to be killed: `python -m benchmarks.mail.worker [LEDGER]`.

With LEDGER the relay can be asked whether it took a letter: the carrier reads the relay's books.
"""

import sys
import time
from functools import partial
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from digest.mailing import relay, send
    from digest.mailing.models import Delivery

    open_states = ["pending", "claimed", "committing"]
    if len(sys.argv) > 1:
        ledger = Path(sys.argv[1])
        relay.SmtpCarrier.took = partial(_took, ledger)  # type: ignore[method-assign]
        open_states.append("unknown")
    while Delivery.objects.filter(state__in=open_states).exists():
        send.deliver(seconds=5)
        time.sleep(0.1)


def _took(ledger: Path, message_id: str) -> bool:
    return message_id in ledger.read_text().split()


if __name__ == "__main__":
    main()
