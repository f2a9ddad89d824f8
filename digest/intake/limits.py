"""How many tips a network may send, and how often a token may be used."""

from datetime import timedelta

from django.http import HttpRequest

from digest.intake.models import Allowance, Token
from digest.network import network

A_NETWORK = [(10, timedelta(hours=1)), (30, timedelta(days=1))]
ALL_NETWORKS = [(500, timedelta(days=1))]  # so that no flood from many places buries the editors
A_TOKEN = [(60, timedelta(minutes=1)), (1000, timedelta(days=1))]
# Of one network; then it hears 429. A good token is still heard from there: nobody guesses 256 random bits, and who
# shares a network with a guesser must not lose the service.
WRONG_TOKENS = [(20, timedelta(minutes=10))]
KEPT = timedelta(days=1)


def may_recommend(request: HttpRequest) -> bool:
    """Count one tip of the visitor's network."""
    return Allowance.take("tip", network(request), A_NETWORK) and Allowance.take("tips", "all", ALL_NETWORKS)


def may_use(token: Token) -> bool:
    """Count one request with this token."""
    return Allowance.take("token", str(token.pk), A_TOKEN)


def may_guess(request: HttpRequest) -> bool:
    """Count one request of the visitor's network that came with no good token."""
    return Allowance.take("guess", network(request), WRONG_TOKENS)


def forget() -> None:
    """Drop the counts that no limit looks at any more."""
    Allowance.forget(KEPT)
