"""A sender in a process of its own, to be killed: `python -m tests.digest.mailing.worker DATABASE [DIES]`.

DIES names the moment at which it kills itself: making the letter, after the note and before the dot, or after the
relay's answer and before the note of it. `retries` is the mutant that a correct harness must convict.
"""

import os
import signal
import sys
import time
from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from django.db import connection

    from digest.mailing import send
    from digest.mailing.models import Delivery

    connection.settings_dict["NAME"] = sys.argv[1]
    send.LEASE = timedelta(seconds=1)
    MOMENTS[sys.argv[2] if len(sys.argv) > 2 else "never"]()
    while Delivery.objects.filter(state__in=["pending", "claimed", "committing"]).exists():
        send.deliver(seconds=60)
        time.sleep(0.1)


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def making() -> None:
    from digest.mailing import compose

    compose.compose = die


def before_the_dot() -> None:
    from digest.mailing.relay import SmtpCarrier

    SmtpCarrier._finish = lambda self, smtp, before_dot: before_dot() and die()


def after_the_answer() -> None:
    from digest.mailing.send import Sender

    Sender._record = die


def retries() -> None:
    """What must not be done: to try again whatever a dead worker left."""
    from digest.mailing import send
    from digest.mailing.models import Delivery

    def blindly() -> None:
        Delivery.objects.filter(state="committing").update(state="pending", worker="", lease_until=None)

    send.take_back = blindly


MOMENTS = {
    "never": lambda: None,
    "making": making,
    "before the dot": before_the_dot,
    "after the answer": after_the_answer,
    "retries": retries,
}

if __name__ == "__main__":
    main()
