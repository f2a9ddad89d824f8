"""Who is at the other end is looked at once more after connecting."""

import socket
from collections.abc import Callable

import pytest

from news.http import FetchError, Reason
from news.http.dial import _by_turns, _vetted
from tests.news.http.hostile import Listener, guard_for


def test_a_peer_that_is_not_the_vetted_address_is_dropped(listen: Callable[..., Listener]) -> None:
    server = listen()
    connection = socket.create_connection(("127.0.0.1", server.port))
    with pytest.raises(FetchError) as caught:
        _vetted(connection, "1.1.1.1", guard_for(server))
    assert (caught.value.reason, connection.fileno()) == (Reason.SSRF_POLICY, -1)


@pytest.mark.parametrize(
    ("addresses", "order"),
    [
        (["::1", "::2", "::3", "1.1.1.1"], ["::1", "1.1.1.1", "::2", "::3"]),
        (["1.1.1.1", "1.1.1.2", "::1"], ["1.1.1.1", "::1", "1.1.1.2"]),
        (["1.1.1.1"], ["1.1.1.1"]),
    ],
)
def test_families_come_by_turns(addresses: list[str], order: list[str]) -> None:
    assert _by_turns(addresses) == order
