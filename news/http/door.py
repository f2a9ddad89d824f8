"""One request through a dialled connection; whatever goes wrong becomes a FetchError."""

import functools
import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import certifi
from django.core.exceptions import ImproperlyConfigured
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_match_hostname import CertificateError

from news.http.deadline import Deadline
from news.http.dial import dial, dial_proxy
from news.http.errors import FetchError, Reason
from news.http.guard import Guard, Target
from news.http.head import CappedResponse
from news.http.proxy import Proxy


@dataclass(frozen=True)
class Door:
    """How one fetch goes out. `proxy` and `ca_bundle` are the operator's word and are not checked by the guard."""

    guard: Guard
    deadline: Deadline
    proxy: Proxy | None = None
    ca_bundle: str = ""

    @contextmanager
    def ask(self, target: Target, headers: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
        """GET `target` and hand out the response with its body unread. Errors inside the block are typed too."""
        connection, path = self._connection(target), target.path
        if self.proxy and target.scheme == "http":
            path, headers = target.url, headers | self.proxy.credentials
        response = None
        try:
            with self._typed(target):
                connection.request("GET", path, headers=headers)
                response = http.client.HTTPConnection.getresponse(connection)
                self.deadline.left()
                yield response
        finally:
            if response:
                response.close()
            connection.close()
            self.deadline.release()

    def _connection(self, target: Target) -> HTTPConnection:
        kind = _Secure if target.scheme == "https" else _Plain
        options: dict[str, Any] = {"timeout": self.deadline.left()}
        if kind is _Secure:
            options |= {"ssl_context": _trust(self.ca_bundle), "cert_reqs": ssl.CERT_REQUIRED}
        if not self.proxy:
            connection = kind(target.host, target.port, **options)
            connection.dial = lambda: dial(target, self.guard, self.deadline)
            return connection
        host, port = self.proxy.host, self.proxy.port
        connection = kind(host, port, **options)
        connection.dial = lambda: dial_proxy(host, port, self.deadline)
        if kind is _Secure:
            connection.set_tunnel(target.host, target.port, self.proxy.credentials)
        return connection

    @contextmanager
    def _typed(self, target: Target) -> Iterator[None]:
        """Every failure of socket, TLS and HTTP becomes a FetchError with its reason."""
        try:
            yield
        except FetchError:
            if self.deadline.expired:  # a connection that was cut shows itself as all kinds of damage
                raise self.deadline.error() from None
            raise
        except (OSError, http.client.HTTPException, HTTPError, CertificateError) as error:
            if self.deadline.expired or isinstance(error, TimeoutError):
                raise self.deadline.error() from error
            raise FetchError(_reason(error), detail=f"{target.host}: {error}"[:500]) from error


class _Plain(HTTPConnection):
    """urllib3's connection, but for who dials."""

    dial: Callable[[], socket.socket]
    response_class = CappedResponse

    def _new_conn(self) -> socket.socket:
        return self.dial()


class _Secure(HTTPSConnection):
    """The same over TLS: certificate and SNI go by the name in the URL, whatever address was dialled."""

    dial: Callable[[], socket.socket]
    response_class = CappedResponse

    def _new_conn(self) -> socket.socket:
        return self.dial()


def _reason(error: Exception) -> Reason:
    """In this order: the classes overlap."""
    if isinstance(error, ssl.SSLError | HTTPError | CertificateError):
        return Reason.TLS
    if isinstance(error, http.client.IncompleteRead):
        return Reason.TRUNCATED
    if isinstance(error, ConnectionError):
        return Reason.RESET
    if isinstance(error, http.client.HTTPException):
        return Reason.PROTOCOL
    return Reason.PROXY if "Tunnel connection failed" in str(error) else Reason.CONNECT


@functools.cache
def _trust(ca_bundle: str) -> ssl.SSLContext:
    """The operator's bundle alone where there is one; else the system's authorities and certifi's."""
    try:
        context = ssl.create_default_context(cafile=ca_bundle or None)
    except OSError as error:
        raise ImproperlyConfigured(f"CRAWL_CA_BUNDLE {ca_bundle}: {error}") from error
    if not ca_bundle:
        context.load_verify_locations(certifi.where())
    return context
