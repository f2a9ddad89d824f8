"""A visitor's network: whole, and not to be chosen by the visitor."""

import pytest

from digest.network import client, network


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("", "unknown"),  # a Unix socket
        ("testing", "unknown"),
    ],
)
def test_one_network_is_one_name(rf, address, expected):
    assert network(rf.get("/", REMOTE_ADDR=address)) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("", "unknown"),
    ],
)
def test_one_client_is_one_name(rf, address, expected):
    assert client(rf.get("/", REMOTE_ADDR=address)) == expected


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1, 203.0.113.5", "10.0.0.0/24"),
        (1, "1.1.1.1, 203.0.113.5", "203.0.113.0/24"),
        (2, "1.1.1.1, 203.0.113.5, 10.0.0.2", "203.0.113.0/24"),
        (2, "203.0.113.5", "10.0.0.0/24"),  # came past the outer proxy: only the connection itself is believed
        (1, "", "10.0.0.0/24"),
        (1, "1.1.1.1, nonsense", "unknown"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    assert network(rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)) == expected
