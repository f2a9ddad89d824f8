"""Whether a URL may be asked at all, and at which addresses its host may be reached."""

import re
import socket
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from urllib.parse import quote

from news.http.addresses import is_public
from news.http.deadline import Deadline
from news.http.errors import FetchError, Reason
from news.http.names import host_of, is_address

MAX_URL = 2083
DNS_SECONDS = 8.0
_PORTS = {"http": 80, "https": 443}
_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:@%]+)(?::([0-9]{1,5}))?")
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f-\x9f\\\ud800-\udfff]")


def resolve(host: str) -> list[str]:
    """The addresses that the system's resolver has for `host`, in its order. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


@dataclass(frozen=True)
class Target:
    """A URL that passed the guard, taken apart once so that nobody parses it again."""

    scheme: str
    host: str  # ASCII name, or IP address without brackets
    port: int
    path: str  # with the query, percent-encoded

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True)
class Guard:
    """The rules of whom we connect to. Only tests give others than these; no setting can."""

    resolver: Callable[[str], list[str]] = resolve
    permit: Callable[[str], bool] = is_public
    ports: frozenset[int] = frozenset(_PORTS.values())
    dns_seconds: float = DNS_SECONDS

    def check(self, url: str) -> Target:
        """Take `url` apart. Raises FetchError BAD_URL or SSRF_POLICY; asks no resolver.

        Never goes through urlsplit, which deletes tab and newline and so reads another host than it was given.
        """
        if len(url) > MAX_URL or _FORBIDDEN.search(url):
            raise FetchError(Reason.BAD_URL, detail="too long, or with characters that no URL has")
        match = _URL.fullmatch(url)
        if not match or (not match[3] and not match[4] and "@" in (match[5] or "")):
            raise FetchError(Reason.BAD_URL, detail="not a web address")  # `host#@other`: parsers disagree
        scheme = match[1].lower()
        host, port = self._host_and_port(match[2], _PORTS[scheme])
        query = quote(match[4] or "", safe="/?%:@!$&'()*+,;=~[]")
        return Target(scheme, host, port, quote(match[3] or "/", safe="/%:@!$&'()*+,;=~") + query)

    def _host_and_port(self, authority: str, usual: int) -> tuple[str, int]:
        match = _AUTHORITY.fullmatch(authority)
        if not match:
            raise FetchError(Reason.BAD_URL, detail="not a host and a port")
        host, port = host_of(match[1]), int(match[2] or usual)
        if is_address(host) and not self.permit(host):
            raise FetchError(Reason.SSRF_POLICY, detail=f"{host} is not public")
        if port not in self.ports:
            raise FetchError(Reason.BAD_URL, detail=f"port {port}")
        return host, port

    def addresses(self, target: Target, deadline: Deadline) -> list[str]:
        """Where the host may be reached. One bad answer among good ones refuses them all."""
        if is_address(target.host):
            return [target.host]
        found = self._ask(target.host, deadline)
        if not found:
            raise FetchError(Reason.DNS, detail=f"{target.host} has no address")
        if bad := [address for address in found if not self.permit(address)]:
            raise FetchError(Reason.SSRF_POLICY, detail=f"{target.host} leads to {bad[0]}")
        return found

    def _ask(self, host: str, deadline: Deadline) -> list[str]:
        """The resolver in a thread of its own: getaddrinfo knows no timeout and cannot be interrupted."""
        left = deadline.left()
        answer: Future[list[str]] = Future()
        Thread(target=self._answer, args=(host, answer), daemon=True).start()
        try:
            return answer.result(timeout=min(left, self.dns_seconds))
        except TimeoutError:
            late = FetchError(Reason.TIMEOUT, detail=f"no address for {host} in {self.dns_seconds:g} s")
            raise (late if self.dns_seconds < left else deadline.error()) from None
        except (OSError, UnicodeError) as error:
            raise FetchError(Reason.DNS, detail=f"{host}: {error}") from error

    def _answer(self, host: str, answer: "Future[list[str]]") -> None:
        try:
            answer.set_result(self.resolver(host))
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)
