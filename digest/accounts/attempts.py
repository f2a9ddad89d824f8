"""Limits on trying passwords. A try is counted before the password is checked, and taken back when it was right.

So of many tries at once no more than the limit are checked, and during a lock the right password is not checked either.
"""

import logging
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from digest.accounts.models import Allowance
from digest.allowance import Limit

logger = logging.getLogger(__name__)

A_USER_AT_AN_ADDRESS = [(5, timedelta(minutes=15))]
# Of a browser that has logged in as the user before: its own count. Else a stranger's tries, from however many
# addresses, would keep the user out of every browser for as long as the stranger goes on.
A_USER = [(30, timedelta(hours=1))]
A_NETWORK = [(100, timedelta(hours=1))]  # one common password tried on many names
A_CHANGE = [(5, timedelta(minutes=15))]  # of a logged-in user's old password
KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Attempt:
    """One try to log in. Known and unknown names are treated alike."""

    name: str  # as it was typed
    address: str  # digest.network.client
    network: str
    browser: str = ""  # the mark of a browser that has logged in as this user (digest/accounts/browser.py)

    def begin(self) -> timedelta:
        """Count the try. No time where the password may be checked, else how long to wait."""
        return _begin(self._counts(), f"log-in as {self.name!r} from {self.address}")

    def failed(self) -> None:
        logger.warning("log-in as %r from %s: wrong name or password", self.name, self.address)

    def succeeded(self) -> None:
        """Forget the wrong tries of this user from this address; the other counts keep what others did."""
        (network, at_address, user) = self._counts()
        Allowance.clear(*at_address[:2])
        Allowance.give_back(*network[:2])
        Allowance.give_back(*user[:2])

    def _counts(self) -> list[tuple[str, str, list[Limit]]]:
        user = folded(self.name)
        return [
            ("network", self.network, A_NETWORK),
            ("address", f"{user}\n{self.address}", A_USER_AT_AN_ADDRESS),
            ("user", f"{user}\n{self.browser}", A_USER),
        ]


@dataclass(frozen=True)
class Change:
    """One try to change the own password, for which the old one is asked."""

    user_key: int

    def begin(self) -> timedelta:
        return _begin([("change", str(self.user_key), A_CHANGE)], f"change of the password of user {self.user_key}")

    def succeeded(self) -> None:
        Allowance.clear("change", str(self.user_key))


def folded(name: str) -> str:
    """The name by which tries are counted: other cases and widths are the same user."""
    return unicodedata.normalize("NFKC", name).casefold()


def forget() -> None:
    """Drop the counts that no limit looks at any more."""
    Allowance.forget(KEPT)


def _begin(counts: list[tuple[str, str, list[Limit]]], what: str) -> timedelta:
    for wait in _waits(counts):
        logger.warning("%s: refused, too many wrong tries; open again in %d s", what, wait.total_seconds())
        return wait
    return timedelta()


def _waits(counts: list[tuple[str, str, list[Limit]]]) -> Iterator[timedelta]:
    for name, whom, limits in counts:
        if not Allowance.take(name, whom, limits):
            yield Allowance.wait(name, whom, limits)
