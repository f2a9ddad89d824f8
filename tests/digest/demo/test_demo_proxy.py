"""The demo's proxy, spoken to by a real client over real sockets."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
from urllib3.exceptions import ProxyError
from urllib3.exceptions import SSLError as UntrustedError

from digest.demo.proxy import Proxy, serve

ARTICLE = "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"
AUTHOR = "https://baijiahao.baidu.com/s?id=42"
PICTURE = "https://img.sample.example/dot.png"


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, Path]:
    files = {ARTICLE: tmp_path / "article.html", AUTHOR: tmp_path / "author.html", PICTURE: tmp_path / "dot.png"}
    files[ARTICLE].write_text("<p>第一页</p>", encoding="utf-8")
    files[AUTHOR].write_text("<p>第二页</p>", encoding="utf-8")
    files[PICTURE].write_bytes(b"\x89PNG")
    return files


@pytest.fixture
def proxy(pages: dict[str, Path]) -> Iterator[Proxy]:
    with serve(pages) as running:
        yield running


@pytest.fixture
def client(proxy: Proxy) -> Iterator[urllib3.ProxyManager]:
    with _client(proxy) as manager:
        yield manager


def _client(proxy: Proxy) -> urllib3.ProxyManager:
    return urllib3.ProxyManager(proxy.url, ca_certs=str(proxy.ca_path), retries=False, timeout=10, maxsize=1)


def test_a_page_is_answered_over_https_under_its_own_address(client: urllib3.ProxyManager) -> None:
    response = client.request("GET", ARTICLE)
    assert (response.status, response.headers["Content-Type"], response.data.decode()) == (
        200,
        "text/html; charset=utf-8",
        "<p>第一页</p>",
    )


def test_a_picture_comes_with_its_own_type(client: urllib3.ProxyManager) -> None:
    response = client.request("GET", PICTURE)
    assert (response.status, response.headers["Content-Type"], response.data) == (200, "image/png", b"\x89PNG")


def test_plain_http_is_answered_too(client: urllib3.ProxyManager) -> None:
    assert client.request("GET", ARTICLE.replace("https:", "http:")).data.decode() == "<p>第一页</p>"


def test_head_has_the_length_and_no_body(client: urllib3.ProxyManager) -> None:
    response = client.request("HEAD", ARTICLE)
    assert (response.status, response.headers["Content-Length"], response.data) == (200, "16", b"")


@pytest.mark.parametrize("address", [AUTHOR + "&wfr=spider&for=pc", "https://baijiahao.baidu.com/s?for=pc&id=42"])
def test_trackers_beside_the_query_do_no_harm(client: urllib3.ProxyManager, address: str) -> None:
    assert client.request("GET", address).data.decode() == "<p>第二页</p>"


@pytest.mark.parametrize(
    "address",
    [
        "https://baijiahao.baidu.com/s?id=43",
        "https://baijiahao.baidu.com/s",
        "https://mp.weixin.qq.com/s/ABCDEFGHIJKLMNOPQRSTUV",
        "https://mp.weixin.qq.com/robots.txt",
        "http://elsewhere.example/",
    ],
)
def test_an_unknown_address_is_404(client: urllib3.ProxyManager, address: str) -> None:
    assert client.request("GET", address).status == 404


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "https://mp.weixin.qq.com:8443/s/x"])
def test_no_tunnel_to_a_host_or_port_that_is_not_a_page_s(client: urllib3.ProxyManager, address: str) -> None:
    with pytest.raises(ProxyError, match="404"):
        client.request("GET", address)


def test_one_connection_serves_several_pages(proxy: Proxy) -> None:
    with _client(proxy) as client:
        for _ in range(3):
            assert client.request("GET", ARTICLE).status == 200
        assert client.connection_from_url(ARTICLE).num_connections == 1


def test_a_client_that_does_not_know_the_authority_refuses(proxy: Proxy) -> None:
    with urllib3.ProxyManager(proxy.url, retries=False) as client, pytest.raises(UntrustedError):
        client.request("GET", ARTICLE)


def test_the_certificate_holds_under_the_strictest_rules(proxy: Proxy) -> None:
    context = ssl.create_default_context(cafile=str(proxy.ca_path))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with urllib3.ProxyManager(proxy.url, ssl_context=context, retries=False) as client:
        assert client.request("GET", AUTHOR).status == 200


def test_two_proxies_share_nothing(proxy: Proxy, pages: dict[str, Path]) -> None:
    with serve(pages) as other, _client(Proxy(other.url, proxy.ca_path)) as client, pytest.raises(UntrustedError):
        client.request("GET", ARTICLE)


def test_no_key_lies_beside_the_authority(proxy: Proxy) -> None:
    assert [file.name for file in proxy.ca_path.parent.iterdir()] == ["ca.pem"]
    assert "PRIVATE KEY" not in proxy.ca_path.read_text()


def test_afterwards_the_port_is_closed_and_the_authority_gone(pages: dict[str, Path]) -> None:
    with serve(pages) as proxy:
        assert proxy.ca_path.exists()
    assert not proxy.ca_path.parent.exists()
    with pytest.raises(ConnectionRefusedError):
        _connect(proxy)


def test_ending_cuts_clients_that_stay(pages: dict[str, Path]) -> None:
    with serve(pages) as proxy:
        client = _client(proxy)
        client.request("GET", ARTICLE)  # keeps its tunnel
        silent = _connect(proxy)  # never says a word
        halfway = _connect(proxy)  # never begins TLS
        halfway.sendall(b"CONNECT mp.weixin.qq.com:443 HTTP/1.1\r\n\r\n")
        assert halfway.recv(1024).startswith(b"HTTP/1.1 200 ")
    assert silent.recv(1) == b""
    with halfway, silent:
        pass
    client.clear()


def _connect(proxy: Proxy) -> socket.socket:
    parts = urlsplit(proxy.url)
    assert parts.hostname == "127.0.0.1"
    return socket.create_connection((parts.hostname, parts.port or 0), timeout=10)
