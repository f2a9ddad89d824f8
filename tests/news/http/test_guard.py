"""Which URLs may be asked, and where their hosts may lead."""

import threading

import pytest

from news.http import FetchError, Guard, Reason
from news.http.deadline import Deadline
from news.http.names import host_of

INSIDE = [
    *(
        "http://127.0.0.1/",
        "https://10.1.2.3/x",
        "http://[::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[::ffff:8.8.8.8]/",
    ),
    *("http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://127.1/", "http://0177.0.0.1/"),
    *("http://0x7f.1/", "http://0/", "http://8.8.8/", "http://page.example.0x/", "http://127.0.0.1./"),
    *("http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/", "http://127。0。0。1/", "http://ｌｏｃａｌｈｏｓｔ/"),
    *(
        "http://localhost/",
        "http://LocalHost./",
        "http://a.localhost/",
        "http://db/",
        "http://redis/",
        "http://x.local/",
    ),
    *("http://metadata.google.internal/", "http://kubernetes.default.svc/", "http://x.home.arpa/", "http://x.onion/"),
]
NO_URL = [
    *(
        "",
        "page.example",
        "//page.example/",
        "http:/page.example/",
        "http:page.example",
        "http://",
        "http:///page.example/",
    ),
    *("ftp://page.example/", "file:///etc/passwd", "gopher://page.example/", "javascript:1", "data:text/html,x"),
    *("http://me@page.example/", "http://me:you@page.example/", "http://page.example#@other.example/"),
    *("http://page.example\\@other.example/", "http://page.example\\.other.example/", "http://page.example/a\\b"),
    *(
        "http://page.example\t.other.example/",
        "http://page.example\n/",
        "http://page.example/a b",
        "http://page.example/\0",
    ),
    *("http://page.example/\u2028", "http://page.example/\x85", "http://page.example/\ud800", " http://page.example/"),
    *(
        "http://page.example%2f.other.example/",
        "http://page.example%00/",
        "http://page.example:/",
        "http://page.example:0/",
    ),
    *("http://page.example:22/", "https://page.example:8443/", "http://page.example:99999/", "http://page.example:8a/"),
    *("http://[::1/", "http://::1/", "http://[]/", "http://[::1]x/", "http://[page.example]/", "http://a..example/"),
    *(
        "http://.example/",
        "http://-a.example/",
        "http://a-.example/",
        "http://page.example../",
        "http://pa／ge.example/",
    ),
    *(f"http://{'a' * 64}.example/", f"http://{'.'.join(['a' * 60] * 5)}/", f"http://page.example/{'a' * 2083}"),
]


@pytest.mark.parametrize("url", INSIDE)
def test_what_leads_inside_is_policy(url: str) -> None:
    assert refusal(url) == (Reason.SSRF_POLICY, True)


@pytest.mark.parametrize("url", NO_URL)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert refusal(url) == (Reason.BAD_URL, True)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("HTTP://Page.Example", "http://page.example/"),
        ("http://page.example.:80/a", "http://page.example/a"),
        ("https://page.example:443/a?b=c#d", "https://page.example/a?b=c"),
        ("https://page.example:80?b", "https://page.example:80/?b"),
        ("http://page.example#top", "http://page.example/"),
        ("http://my_page.example/@me", "http://my_page.example/@me"),
        (
            "http://新闻.example/早报?题=芯片",
            "http://xn--efvy88h.example/%E6%97%A9%E6%8A%A5?%E9%A2%98=%E8%8A%AF%E7%89%87",
        ),
        ("http://page.example/%E6%97%A9?a=%2F&b[]=1", "http://page.example/%E6%97%A9?a=%2F&b[]=1"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("https://[2606:4700:4700:0::1111]:443/", "https://[2606:4700:4700::1111]/"),
    ],
)
def test_a_good_url_has_one_spelling(url: str, asked: str) -> None:
    assert Guard().check(url).url == asked


@pytest.mark.parametrize("host", ["page.example", "xn--efvy88h.example", "8.8.8.8"])
def test_a_host_in_its_spelling_stays(host: str) -> None:
    assert host_of(host) == host


def test_one_bad_answer_refuses_all() -> None:
    guard = Guard(resolver=lambda host: ["1.1.1.1", "10.1.2.3"])
    with Deadline(5) as deadline, pytest.raises(FetchError) as caught:
        guard.addresses(guard.check("http://page.example/"), deadline)
    assert (caught.value.reason, caught.value.permanent) == (Reason.SSRF_POLICY, True)


def test_good_answers_keep_their_order() -> None:
    guard = Guard(resolver=lambda host: ["1.1.1.1", "2606:4700:4700::1111", "8.8.8.8"])
    with Deadline(5) as deadline:
        found = guard.addresses(guard.check("http://page.example/"), deadline)
    assert found == ["1.1.1.1", "2606:4700:4700::1111", "8.8.8.8"]


def test_a_name_without_address_may_have_one_later() -> None:
    def unknown(host: str) -> list[str]:
        raise OSError("no such name")

    for resolver in (unknown, lambda host: []):
        guard = Guard(resolver=resolver)
        with Deadline(5) as deadline, pytest.raises(FetchError) as caught:
            guard.addresses(guard.check("http://page.example/"), deadline)
        assert (caught.value.reason, caught.value.permanent) == (Reason.DNS, False)


def test_a_resolver_that_hangs_is_left_behind() -> None:
    release = threading.Event()
    guard = Guard(resolver=lambda host: [str(release.wait(30))], dns_seconds=0.05)
    with Deadline(5) as deadline, pytest.raises(FetchError) as caught:
        guard.addresses(guard.check("http://page.example/"), deadline)
    release.set()
    assert (caught.value.reason, caught.value.permanent) == (Reason.TIMEOUT, False)


def refusal(url: str) -> tuple[Reason, bool]:
    with pytest.raises(FetchError) as caught:
        Guard().check(url)
    return caught.value.reason, caught.value.permanent
