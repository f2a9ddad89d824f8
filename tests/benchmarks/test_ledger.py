"""The judge of our manners must see what is wrong: side by side, too close, during a Retry-After."""

import pytest

from benchmarks.crawl.ledger import Seen, judge


def at(began: float, ended: float, host: str = "a.example", retry_after: float = 0, url: str = "") -> Seen:
    return Seen(url or f"https://{host}/{began}", host, began, ended, "status" if retry_after else None, retry_after)


def test_manners_that_are_good() -> None:
    found = judge([at(0, 1), at(6, 7), at(0.5, 9, "b.example"), at(14.2, 15, "b.example", 0)], pace_s=5)
    assert (found.requests, found.hosts, found.at_a_time, found.violations, found.told) == (4, 2, 1, 0, [])
    assert found.closest_s == pytest.approx(5)


def test_two_at_a_time_are_seen_in_whatever_order_they_are_told() -> None:
    found = judge([at(6, 9), at(0, 1), at(8, 20), at(10, 11)], pace_s=0)
    assert (found.at_a_time, found.overlapping, found.too_close) == (2, 2, 0)


def test_a_pause_is_counted_from_the_end_of_the_longest() -> None:
    found = judge([at(0, 10), at(13, 14)], pace_s=5)
    assert (found.too_close, found.overlapping, found.closest_s) == (1, 0, 3)
    assert len(found.told) == 1


def test_a_retry_after_holds_for_its_host_alone() -> None:
    seen = [at(0, 1, retry_after=60), at(30, 31), at(61.5, 62), at(30, 31, "b.example")]
    found = judge(seen, pace_s=5)
    assert (found.during_rest, found.violations) == (1, 1)
    assert found.faults == {"status": 1}


def test_the_same_address_again_and_again() -> None:
    assert judge([at(n * 9, n * 9 + 1, url="https://a.example/x") for n in range(6)], 5).most_of_one_url == 6
