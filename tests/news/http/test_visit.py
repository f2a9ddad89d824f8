"""A fetch from the first URL to the page: statuses, redirects, validators, what is sent and what is kept."""

import itertools
import logging
import pickle
import socket
from collections import Counter
from collections.abc import Callable

import pytest

from news.http import IMAGES, FetchError, Guard, Reason, fetch
from tests.news.http.hostile import OUTSIDE, Listener, guard_for, outside_guard, page, redirect

Listen = Callable[..., Listener]


def test_a_page_arrives_with_what_the_server_said(listen: Listen) -> None:
    server = listen({"/a": page("<p>早报</p>".encode(), 'ETag: "7"', "X-Two: 1", "X-Two: 2", "Set-Cookie: id=1")})
    response = fetch(server.url("/a"), guard=guard_for(server))
    assert (response.url, response.status, response.hops) == (server.url("/a"), 200, ())
    assert response.body == "<p>早报</p>".encode()
    assert response.headers == {
        "content-length": "13", "content-type": "text/html", "etag": '"7"', "x-two": "1, 2",
    }  # fmt: skip
    assert response.content_type == "text/html"
    assert response.elapsed_s > 0


def test_we_say_who_we_are_and_send_nothing_else(
    listen: Listen, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CRAWL_USER_AGENT = "Jianbao/9 (+https://jianbao.example)"
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server = listen({"/a?b=1": page()})
    fetch(server.url("/a?b=1#c"), guard=guard_for(server))
    assert server.requests == [
        f"GET /a?b=1 HTTP/1.1\r\nHost: page.example:{server.port}\r\n"
        "User-Agent: Jianbao/9 (+https://jianbao.example)\r\n"
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5\r\n"
        "Accept-Encoding: gzip\r\nAccept-Language: zh-CN,zh;q=0.9,en;q=0.5\r\nConnection: close\r\n\r\n".encode()
    ]


def test_an_unchanged_page_is_a_304_without_body(listen: Listen) -> None:
    server = listen({"/": page(b"", status="304 Not Modified")})
    response = fetch(server.url(), etag='"7"', modified="Mon, 02 Jan 2023 03:04:05 GMT", guard=guard_for(server))
    assert (response.status, response.body) == (304, b"")
    assert b'\r\nIf-None-Match: "7"\r\nIf-Modified-Since: Mon, 02 Jan 2023 03:04:05 GMT\r\n' in server.requests[0]


def test_a_304_that_nobody_asked_for_is_no_page(listen: Listen) -> None:
    server = listen({"/": page(b"", status="304 Not Modified")})
    assert failure(server).reason == Reason.PROTOCOL


def test_a_validator_cannot_add_a_header(listen: Listen) -> None:
    server = listen({"/": page()})
    fetch(server.url(), etag='"7"\r\nX-Evil: 1', modified="\x00", guard=guard_for(server))
    assert b"If-" not in server.requests[0]
    assert b"X-Evil" not in server.requests[0]


@pytest.mark.parametrize(
    ("status", "lines", "expected"),
    [
        ("404 Not Found", [], (Reason.NOT_FOUND, True, None)),
        ("410 Gone", [], (Reason.NOT_FOUND, True, None)),
        ("403 Forbidden", [], (Reason.HTTP_4XX, True, None)),
        ("403 Forbidden", ["cf-mitigated: challenge"], (Reason.CHALLENGE, False, 3600)),
        ("429 Slow Down", ["Retry-After: 120"], (Reason.RATE_LIMITED, False, 120)),
        ("429 Slow Down", ["Retry-After: -5"], (Reason.RATE_LIMITED, False, None)),
        ("429 Slow Down", ["Retry-After: abc"], (Reason.RATE_LIMITED, False, None)),
        ("429 Slow Down", ["Retry-After: 99999999999999999999"], (Reason.RATE_LIMITED, False, None)),
        ("503 Busy", ["Retry-After: Wed, 21 Oct 2099 07:28:00 GMT"], (Reason.RATE_LIMITED, False, 86400)),
        ("503 Busy", ["Retry-After: 90000"], (Reason.RATE_LIMITED, False, 86400)),
        ("500 Broken", [], (Reason.HTTP_5XX, False, None)),
        ("502 Broken", ["Retry-After: 7"], (Reason.HTTP_5XX, False, 7)),
        ("204 None", [], (Reason.EMPTY, False, None)),
        ("206 Part", [], (Reason.PROTOCOL, False, None)),
        ("300 Choose", [], (Reason.PROTOCOL, False, None)),
        ("999 What", [], (Reason.PROTOCOL, False, None)),
    ],
)
def test_a_status_has_its_reason(listen: Listen, status: str, lines: list[str], expected: tuple) -> None:
    error = failure(listen({"/": page(b"", *lines, status=status)}))
    assert (error.reason, error.permanent, error.retry_after) == expected


def test_redirects_are_followed_and_told(listen: Listen) -> None:
    server = listen(
        {"/a": redirect("b c?题=1"), "/b%20c?%E9%A2%98=1": redirect("//www.page.example:{}/c"), "/c": page()}
    )
    server.answers["/b%20c?%E9%A2%98=1"] = redirect(f"//www.page.example:{server.port}/c#top", "308 Moved")
    response = fetch(server.url("/a"), guard=guard_for(server))
    assert response.url == f"http://www.page.example:{server.port}/c"
    assert response.hops == (server.url("/a"), server.url("/b%20c?%E9%A2%98=1"))


def test_five_hops_are_enough(listen: Listen) -> None:
    chain = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)} | {"/5": page(), "/6": page()}
    assert fetch((server := listen(chain)).url("/0"), guard=guard_for(server)).url == server.url("/5")
    chain["/5"] = redirect("/6")
    server = listen(chain)
    assert failure(server, "/0").reason == Reason.TOO_MANY_REDIRECTS
    assert server.connections == 6


def test_a_loop_is_left(listen: Listen) -> None:
    server = listen({"/a": redirect("/b"), "/b": redirect("/a")})
    assert failure(server, "/a").reason == Reason.REDIRECT_LOOP
    assert server.connections == 2


@pytest.mark.parametrize(
    "location",
    [
        *(
            "http://127.0.0.1:6379/",
            "http://[::ffff:7f00:1]/",
            "//169.254.169.254/latest/meta-data/",
            "http://localhost/",
        ),
        *(
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://page.example:22/",
            "http://[::1",
            "/a\tb",
            "http:\\\\other/",
        ),
        *("http://me@page.example/", "http://0x7f.1/", "http://[2002:7f00:1::]/"),
    ],
)
def test_a_redirect_cannot_lead_inside(listen: Listen, dialled: list, location: str) -> None:
    server = listen({"/": redirect(location)}, address=(OUTSIDE, 0))
    assert failure(server, guard=outside_guard(server)).reason == Reason.SSRF_POLICY
    assert dialled == [(OUTSIDE, server.port)]


def test_a_redirect_needs_one_place_to_go(listen: Listen) -> None:
    server = listen(
        {"/": page(b"", status="302 Found"), "/two": page(b"", "Location: /a", "Location: /b", status="302 Found")}
    )
    assert failure(server).reason == Reason.PROTOCOL
    assert failure(server, "/two").reason == Reason.PROTOCOL


def test_hops_stay_within_the_site_that_was_named(listen: Listen) -> None:
    server = listen()
    server.answers = {"/a": redirect(server.url("/b", "other.example")), "/b": page()}
    assert failure(server, "/a").reason == Reason.REDIRECT_OFF_ALLOWLIST
    assert server.connections == 1
    server.answers["/a"] = redirect(server.url("/b", "video.qq.com"))
    assert fetch(server.url("/a", "mp.weixin.qq.com"), guard=guard_for(server)).url == server.url("/b", "video.qq.com")
    server.answers["/a"] = redirect(server.url("/b", "one.github.io"))
    assert failure(server, "/a", host="two.github.io").reason == Reason.REDIRECT_OFF_ALLOWLIST


def test_named_hosts_are_compared_by_whole_labels(listen: Listen) -> None:
    server = listen()
    server.answers = {"/a": redirect(server.url("/b", "b.example")), "/b": page()}
    named = {"page.example", "b.example"}
    assert fetch(server.url("/a"), allowed=named, guard=guard_for(server)).url == server.url("/b", "b.example")
    for host in ("evilpage.example", "page.example.evil.example", "page.exampl", "example"):
        with pytest.raises(FetchError) as caught:
            fetch(f"http://{host}/", allowed=named, guard=guard_for(server))
        assert caught.value.reason in (Reason.BAD_URL, Reason.SSRF_POLICY)
    assert server.connections == 2
    assert fetch(server.url("/b", "a.b.example"), allowed=named, guard=guard_for(server)).status == 200
    assert (
        fetch(server.url("/b", "x.example"), allowed=lambda host: host == "x.example", guard=guard_for(server)).status
        == 200
    )


@pytest.mark.parametrize("to", ["https://wappass.baidu.com/static/captcha", "/mp/wappoc_appmsgcaptcha?poc_token=1"])
def test_a_redirect_to_a_wall_is_a_wall(listen: Listen, to: str) -> None:
    server = listen({"/s": redirect(to)})
    error = failure(server, "/s", host="mp.weixin.qq.com")
    assert (error.reason, error.permanent, error.retry_after) == (Reason.CHALLENGE, False, 3600)


def test_only_a_redirect_is_followed(listen: Listen) -> None:
    tricks = b"<meta http-equiv=refresh content='0;url=http://127.0.0.1/'><link rel=canonical href=http://127.0.0.1/>"
    server = listen({"/": page(tricks, "Link: <http://127.0.0.1/>; rel=preload", "Refresh: 0; url=/b", "Location: /b")})
    assert fetch(server.url(), guard=guard_for(server)).body == tricks
    assert server.connections == 1


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("image/png, text/html", b"<p>A</p>", Reason.CONTENT_TYPE),
        ("application/pdf", b"%PDF-1.7", Reason.CONTENT_TYPE),
        ("image/svg+xml", b"<svg/>", Reason.CONTENT_TYPE),
        ("", b"%PDF-1.7", Reason.CONTENT_TYPE),
        ("text/html", b"\x1f\x8b\x08 packed twice", Reason.CONTENT_TYPE),
        ("text/html", b"", Reason.EMPTY),
        ("text/html", b" \r\n ", Reason.EMPTY),
    ],
)
def test_what_is_no_page_is_not_taken(listen: Listen, kind: str, body: bytes, reason: Reason) -> None:
    assert failure(listen({"/": page(body, kind=kind)})).reason == reason


@pytest.mark.parametrize(
    "kind", ["", "Text/HTML; charset=gbk", "application/rss+xml", "application/json", "text/plain"]
)
def test_pages_and_feeds_are_taken(listen: Listen, kind: str) -> None:
    server = listen({"/": page(b"<p>A</p>", kind=kind)})
    assert fetch(server.url(), guard=guard_for(server)).content_type == kind


def test_images_only_where_images_are_wanted(listen: Listen) -> None:
    image = b"\x89PNG\r\n\x1a\n...."
    server = listen({"/i": page(image, kind="image/png"), "/h": page(b"<p>", kind="image/png")})
    assert fetch(server.url("/i"), types=IMAGES, guard=guard_for(server)).body == image
    assert failure(server, "/i").reason == Reason.CONTENT_TYPE
    with pytest.raises(FetchError) as caught:
        fetch(server.url("/h"), types=IMAGES, guard=guard_for(server))
    assert caught.value.reason == Reason.CONTENT_TYPE


def test_rebinding_never_gets_a_connection(listen: Listen) -> None:
    """C2: a name that leads outside and inside by turns (127.0.0.1 plays the outside), a thousand times."""
    outside = listen({"/": page()})
    inside = listen({"/": page()}, address=("127.0.0.2", outside.port))
    answers = itertools.cycle([["127.0.0.1"], ["127.0.0.2"]])
    guard = guard_for(outside, resolver=lambda host: next(answers), permit=lambda address: address == "127.0.0.1")
    outcomes = Counter(_outcome(outside.url(), guard) for _ in range(1000))
    assert outcomes == {200: 500, Reason.SSRF_POLICY: 500}
    assert (outside.connections, inside.connections) == (500, 0)
    # The control: a client that checks the name and then lets the connection resolve it again ends up inside.
    assert guard.permit(next(answers)[0])
    with socket.create_connection((next(answers)[0], outside.port)) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        connection.recv(1)
    assert inside.connections == 1


def _outcome(url: str, guard: Guard) -> int | Reason:
    try:
        return fetch(url, guard=guard).status
    except FetchError as error:
        return error.reason


def test_a_fetch_asks_the_resolver_once(listen: Listen) -> None:
    server = listen({"/": page()})
    asked: list[str] = []
    fetch(server.url(), guard=guard_for(server, resolver=lambda host: asked.append(host) or ["127.0.0.1"]))
    assert asked == ["page.example"]


def test_a_refusal_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="news.http"), pytest.raises(FetchError):
        fetch("http://127.0.0.1/\n")
    assert [record.getMessage() for record in caplog.records] == [
        r"fetch of 'http://127.0.0.1/\n' failed: invalid_or_disallowed_url, "
        "'too long, or with characters that no URL has'"
    ]


def test_a_second_address_is_tried(listen: Listen) -> None:
    server = listen({"/": page()})
    guard = guard_for(server, resolver=lambda host: ["127.0.0.2", "127.0.0.1"], permit=lambda address: True)
    assert fetch(server.url(), guard=guard).status == 200


def test_a_closed_port_is_a_failed_connection(listen: Listen) -> None:
    server = listen()
    server.close()
    error = failure(server)
    assert (error.reason, error.permanent) == (Reason.CONNECT, False)


def test_an_error_survives_the_queue() -> None:
    error = pickle.loads(pickle.dumps(FetchError("rate_limited", retry_after=7, detail="status 429")))  # noqa: S301
    assert (error.reason, error.permanent, error.retry_after, str(error)) == (
        Reason.RATE_LIMITED, False, 7, "rate_limited: status 429",
    )  # fmt: skip


def failure(server: Listener, path: str = "/", host: str = "page.example", guard: object = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(server.url(path, host), guard=guard or guard_for(server))
    return caught.value
