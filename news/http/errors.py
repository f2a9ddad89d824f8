"""Why a fetch brought nothing: a closed list of reasons, and the error that carries one."""

from enum import StrEnum

CHALLENGE_PAUSE_S = 3600


class Reason(StrEnum):
    """Closed list. The values are those that the attack cases name."""

    SSRF_POLICY = "ssrf_policy"  # the address, or where it leads, is none we may connect to
    BAD_URL = "invalid_or_disallowed_url"
    DNS = "dns"
    TIMEOUT = "timeout"  # the name or the connection did not come in its own time
    DEADLINE = "deadline"  # the whole fetch took too long
    CONNECT = "connect"
    PROXY = "proxy"
    TLS = "tls"
    RESET = "reset"
    PROTOCOL = "protocol"  # what came is not HTTP as we speak it
    HEADERS_TOO_LARGE = "headers_too_large"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    UNEXPECTED_ENCODING = "unexpected_encoding"
    ENCODING_CHAIN = "encoding_chain"
    CONTENT_TYPE = "content_type"
    EMPTY = "empty"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_OFF_ALLOWLIST = "redirect_off_allowlist"
    HTTPS_DOWNGRADE = "https_downgrade"
    CHALLENGE = "challenge"  # the site wants a person
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    ROBOTS = "robots"  # the site's robots.txt wants no machine there
    HTTP_4XX = "http_4xx"
    HTTP_5XX = "http_5xx"


# Trying again later cannot help: it is the address or the server's answer itself.
PERMANENT = frozenset(
    {
        Reason.SSRF_POLICY,
        Reason.BAD_URL,
        Reason.HEADERS_TOO_LARGE,
        Reason.TOO_LARGE,
        Reason.UNEXPECTED_ENCODING,
        Reason.ENCODING_CHAIN,
        Reason.CONTENT_TYPE,
        Reason.TOO_MANY_REDIRECTS,
        Reason.REDIRECT_LOOP,
        Reason.REDIRECT_OFF_ALLOWLIST,
        Reason.HTTPS_DOWNGRADE,
        Reason.NOT_FOUND,
        Reason.ROBOTS,
        Reason.HTTP_4XX,
    }
)


class FetchError(Exception):
    """A fetch that brought nothing.

    `permanent`: trying again cannot help (by the reason, where it is not given).
    `retry_after`: seconds that the server, or our manners, ask us to leave its host alone; None: as you think fit.
    `detail`: for the log and the admin, never for a reader; it may hold what a hostile server said.
    """

    def __init__(
        self, reason: str, permanent: bool | None = None, retry_after: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(reason, permanent, retry_after, detail)
        self.reason = Reason(reason)
        self.permanent = self.reason in PERMANENT if permanent is None else permanent
        self.retry_after = retry_after
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


class Onward(Exception):
    """The site sends us on to `url`, and the caller asked to be told rather than taken there.

    `hops`: the URLs that sent us on so far, for `fetch(url, came_by=hops)`.
    """

    def __init__(self, url: str, hops: tuple[str, ...]) -> None:
        super().__init__(url, hops)
        self.url = url
        self.hops = hops
