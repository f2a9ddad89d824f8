"""TLS by the name in the URL, and the operator's proxy."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from digest.demo.certificates import server_context
from news.http import FetchError, Guard, Reason, fetch
from tests.news.http.hostile import Answer, Listener, guard_for, page, read_head, redirect

Listen = Callable[..., Listener]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the certificate of our own authority lies."""
    return tmp_path_factory.mktemp("authority") / "ca.pem"


@pytest.fixture(scope="module")
def context(authority: Path) -> ssl.SSLContext:
    return server_context(["page.example"], authority)


@pytest.fixture(autouse=True)
def _trusting(authority: Path, context: ssl.SSLContext, settings: object) -> None:
    settings.CRAWL_CA_BUNDLE = str(authority)


class Secure(Listener):
    """The same listener behind TLS. It notes the names that clients ask for."""

    context: ssl.SSLContext

    def _serve(self, connection: socket.socket) -> None:
        self.names: list[str] = []
        self.context.sni_callback = lambda _, name, __: self.names.append(name)
        with suppress(OSError), self.context.wrap_socket(connection, server_side=True) as secure:
            super()._serve(secure)


class Babbler(Listener):
    """Speaks HTTP before it is asked."""

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(page())
            read_head(connection)


@pytest.fixture
def secure(listen: Listen, context: ssl.SSLContext) -> Callable[[dict[str, Answer]], Secure]:
    def start(answers: dict[str, Answer]) -> Secure:
        server = listen(answers)
        server.__class__ = Secure
        server.context = context
        return server

    return start


def https(server: Listener, path: str = "/", host: str = "page.example") -> str:
    return server.url(path, host).replace("http:", "https:")


def failure(url: str, guard: Guard) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, guard=guard)
    return caught.value


def test_the_name_is_asked_for_and_verified(secure: Callable) -> None:
    server = secure({"/": page(b"<p>safe</p>")})
    assert fetch(https(server), guard=guard_for(server)).body == b"<p>safe</p>"
    assert server.names == ["page.example"]
    assert failure(https(server, host="other.example"), guard_for(server)).reason == Reason.TLS


def test_an_unknown_authority_is_not_believed(secure: Callable, settings: object) -> None:
    settings.CRAWL_CA_BUNDLE = ""
    server = secure({"/": page()})
    error = failure(https(server), guard_for(server))
    assert (error.reason, error.permanent, server.requests) == (Reason.TLS, False, [])


def test_a_server_without_tls_is_a_tls_error(listen: Listen) -> None:
    server = listen()
    server.__class__ = Babbler
    assert failure(https(server), guard_for(server)).reason == Reason.TLS


def test_a_handshake_that_hangs_is_cut(listen: Listen, settings: object) -> None:
    settings.CRAWL_TIMEOUT = 0.3
    server = listen()
    assert failure(https(server), guard_for(server)).reason == Reason.DEADLINE


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"])
def test_a_drip_inside_of_tls_is_cut(secure: Callable, settings: object, start: bytes) -> None:
    settings.CRAWL_TIMEOUT = 0.4
    server = secure({})
    server.answers["/"] = lambda connection, request: (connection.sendall(start), server.drip(connection, b"a"))
    assert failure(https(server), guard_for(server)).reason == Reason.DEADLINE


def test_a_cut_inside_of_tls_is_truncated(secure: Callable) -> None:
    server = secure({"/": page(b"x" * 100)[:-50]})
    assert failure(https(server), guard_for(server)).reason == Reason.TRUNCATED


def test_https_is_never_left_for_http(secure: Callable, listen: Listen) -> None:
    plain = listen({"/b": page()})
    server = secure({"/a": redirect(plain.url("/b"))})
    assert failure(https(server, "/a"), guard_for(server, plain)).reason == Reason.HTTPS_DOWNGRADE
    assert plain.connections == 0


# ---- through the operator's proxy


def tunnel(
    context: ssl.SSLContext, answers: dict[bytes, bytes], heads: list[bytes]
) -> Callable[[socket.socket, bytes], None]:
    """The far end of a CONNECT: TLS for the name, then an answer for each path."""

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(connection, server_side=True) as secure:
            heads.append(read_head(secure))
            secure.sendall(answers[heads[-1].split(b" ")[1]])

    return answer


def unasked(host: str) -> list[str]:
    raise AssertionError("behind a proxy nobody resolves names here")


def test_https_goes_through_the_proxy(listen: Listen, settings: object, context: ssl.SSLContext, dialled: list) -> None:
    heads: list[bytes] = []
    answers = {b"/a": redirect("/b"), b"/b": page(b"<p>far</p>")}
    proxy = listen({"page.example:443": tunnel(context, answers, heads)})
    settings.CRAWL_PROXY = f"http://me:a%20b@127.0.0.1:{proxy.port}"
    response = fetch("https://page.example/a", guard=Guard(resolver=unasked))
    assert (response.url, response.body) == ("https://page.example/b", b"<p>far</p>")
    assert dialled == [("127.0.0.1", proxy.port)] * 2
    assert [b"\r\nproxy-authorization: Basic bWU6YSBi\r\n" in request for request in proxy.requests] == [True, True]
    assert [head.split(b"\r\n")[1] for head in heads] == [b"Host: page.example"] * 2
    assert not any(b"proxy" in head.lower() for head in heads)


def test_the_far_certificate_is_verified(listen: Listen, settings: object, context: ssl.SSLContext) -> None:
    proxy = listen({"other.example:443": tunnel(context, {}, [])})
    settings.CRAWL_PROXY = f"http://127.0.0.1:{proxy.port}"
    assert failure("https://other.example/", Guard()).reason == Reason.TLS


def test_http_goes_through_the_proxy_too(listen: Listen, settings: object) -> None:
    proxy = listen({"http://page.example/a?b": page(b"<p>far</p>")})
    settings.CRAWL_PROXY = f"http://me:you@127.0.0.1:{proxy.port}"
    assert fetch("http://page.example/a?b", guard=Guard(resolver=unasked)).body == b"<p>far</p>"
    assert proxy.requests[0].startswith(b"GET http://page.example/a?b HTTP/1.1\r\nHost: page.example\r\n")
    assert b"\r\nproxy-authorization: Basic bWU6eW91\r\n" in proxy.requests[0]


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1/", "http://[::ffff:7f00:1]/", "http://redis/", "http://page.example:22/"]
)
def test_the_guard_stands_before_the_proxy(listen: Listen, settings: object, to: str) -> None:
    proxy = listen({"http://page.example/": redirect(to)})
    settings.CRAWL_PROXY = f"http://127.0.0.1:{proxy.port}"
    assert failure(to, Guard()).permanent is True
    assert proxy.connections == 0
    assert failure("http://page.example/", Guard()).reason == Reason.SSRF_POLICY
    assert proxy.connections == 1


def test_a_proxy_that_fails_is_the_proxy(listen: Listen, settings: object) -> None:
    proxy = listen({"page.example:443": page(b"", status="502 Bad Gateway")})
    settings.CRAWL_PROXY = f"http://127.0.0.1:{proxy.port}"
    error = failure("https://page.example/", Guard())
    assert (error.reason, error.permanent) == (Reason.PROXY, False)
    proxy.close()
    assert failure("https://page.example/", Guard()).reason == Reason.PROXY


def test_settings_that_cannot_work_say_so(settings: object) -> None:
    settings.CRAWL_PROXY = "socks5://127.0.0.1:1080"
    with pytest.raises(ImproperlyConfigured, match="CRAWL_PROXY must look like http://host:port"):
        fetch("https://page.example/")
    settings.CRAWL_PROXY, settings.CRAWL_CA_BUNDLE = "", "no/such/file.pem"
    with pytest.raises(ImproperlyConfigured, match=r"CRAWL_CA_BUNDLE no/such/file\.pem"):
        fetch("https://page.example/")
