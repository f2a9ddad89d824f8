"""The operator's proxy: where it is, and the word that it wants to hear."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from urllib3.util import make_headers


@dataclass(frozen=True)
class Proxy:
    host: str
    port: int
    credentials: dict[str, str]  # the header, if any

    @classmethod
    def parse(cls, url: str) -> "Proxy | None":
        """CRAWL_PROXY, e.g. http://name:word@127.0.0.1:8899; None where it is empty."""
        if not url:
            return None
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ImproperlyConfigured("CRAWL_PROXY must look like http://host:port")
        word = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        headers = make_headers(proxy_basic_auth=word) if parts.username else {}
        return cls(parts.hostname, parts.port or 80, dict(headers))
