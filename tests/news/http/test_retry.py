"""Retry-After in seconds and as a date."""

from datetime import UTC, datetime

import pytest

from news.http.retry import retry_after

NOW = datetime(2023, 3, 10, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("86401", 86400),
        ("9999999999", 86400),
        ("Fri, 10 Mar 2023 08:05:00 GMT", 300),
        ("Fri, 10 Mar 2023 16:05:00 +0800", 300),
        ("Friday, 10-Mar-23 08:05:00 GMT", 300),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 86400),
        ("Fri, 10 Mar 2023 07:59:59 GMT", None),
        ("Fri, 10 Mar 99999 07:59:59 GMT", None),
        *((value, None) for value in ("", "-5", "1.5", "abc", "99999999999999999999", "１２", "Mon, 99 Xyz 2023")),
    ],
)
def test_a_wait_is_seconds_or_nothing(value: str, seconds: int | None) -> None:
    assert retry_after(value, NOW) == seconds
