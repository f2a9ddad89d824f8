"""What comes over the network: headers, host names, robots.txt, requests."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.test import RequestFactory

from benchmarks.cost.hostile import Hostile
from benchmarks.cost.measure import Probe
from benchmarks.cost.registry.calls import as_bytes, of
from benchmarks.cost.registry.caps import HEADER, URL
from digest import addresses, network
from digest.web.limits import Limits
from digest.web.request import Request
from digest.web.server import adjustments
from news import robots
from news.http import Guard, content, names, redirect, retry
from news.http import addresses as http_addresses
from news.models import Host

HEADERS = "Limits.header_bytes"


def probes() -> Iterator[Probe]:
    header = "HEAD_BYTES"
    rules = (
        Hostile("wildcards", "*a", "User-agent: *\nDisallow: /"),
        Hostile("rules", "Disallow: /a*b\n", "User-agent: *\n"),
        Hostile("agents", "User-agent: a\n"),
        Hostile("delays", "Crawl-delay: 1\n", "User-agent: *\n"),
        Hostile("percent signs", "%41", "User-agent: *\nDisallow: /"),
        Hostile("colons", "a:"),
        Hostile("comments", "#"),
        Hostile("sitemaps", "Sitemap: a\n"),
    )
    yield Probe("news.robots.check", _robots, robots.LARGEST, "robots.LARGEST", rules)
    yield of(robots.address, 2083, "MAX_URL")
    yield Probe(
        "news.http.retry.retry_after",
        retry.retry_after,
        HEADER,
        header,
        (Hostile("dates", "Mon, 1 Jan "), Hostile("zones", "+0800"), Hostile("comments", "(")),
    )
    yield Probe(
        "news.http.content.check_declared", lambda text: content.check_declared(text, content.PAGES), HEADER, header
    )
    yield Probe(
        "news.http.content.check_body",
        lambda text: content.check_body(as_bytes(text), content.PAGES),
        settings.CRAWL_MAX_BYTES,
        "CRAWL_MAX_BYTES",
    )
    hosts = (
        Hostile("labels", "a."),
        Hostile("xn--", "xn--a."),
        Hostile("hexadecimal", "0x7f."),
        Hostile("colons", ":", "["),
        Hostile("Han", "例"),
    )
    yield of(names.host_of, 2083, "MAX_URL", hosts)
    yield of(names.is_address, 2083, "MAX_URL", hosts)
    yield of(http_addresses.is_public, 2083, "MAX_URL", hosts)
    yield Probe("news.http.guard.Guard.check", lambda text: Guard().check("http://" + text), HEADER, header, hosts)
    target = Guard().check(URL)
    yield Probe(
        "news.http.redirect.follow",
        lambda text: redirect.follow(Guard(), target, text, lambda host: True),
        HEADER,
        header,
        (*hosts, Hostile("dots", "../"), Hostile("slashes", "/"), Hostile("dot segments", "a/..;/")),
    )
    request = RequestFactory()
    yield Probe(
        "digest.network.network",
        lambda text: network.network(request.get("/", headers={"X-Forwarded-For": text})),
        HEADER,
        "a request line",
    )
    yield of(
        addresses.normalise,
        5000,
        "SubscribeForm",
        (Hostile("labels", "a.", "a@"), Hostile("dots", "a.", ""), Hostile("Han", "例", "a@")),
    )
    yield from _requests()
    yield of(addresses.folded, addresses.LONGEST, "LONGEST")
    yield of(addresses.is_role, addresses.LONGEST, "LONGEST")


def _requests() -> Iterator[Probe]:
    """As bytes arrive: a header one byte at a time, a body in what one call of recv gives."""
    limits = Limits()
    head = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    headers = (
        Hostile("header lines", "A: b\r\n", "GET / HTTP/1.1\r\n"),
        Hostile("a long path", "/%2e", "GET /"),
        Hostile("folded header lines", " a\r\n", "GET / HTTP/1.1\r\nA: b\r\n"),
        Hostile("blanks in a header", " ", "GET / HTTP/1.1\r\nA:", "b\r\n\r\n"),
        Hostile("blanks in a folded header", "\r\n ", "GET / HTTP/1.1\r\nA:", "b\r\n\r\n"),
        Hostile("blanks and words", "b ", "GET / HTTP/1.1\r\nA:", "\x00\r\n\r\n"),
        Hostile("one header many times", "Host: a\r\n", "GET / HTTP/1.1\r\n", "\r\n"),
        Hostile("encodings", "chunked,", "POST / HTTP/1.1\r\nTransfer-Encoding: ", "\r\n\r\n"),
        Hostile("a whole header", "A: b\r\n", "GET / HTTP/1.1\r\n", "\r\n"),
    )
    chunks = (
        Hostile("chunks of one byte", "1\r\na\r\n"),
        Hostile("line breaks for chunks", "\r\n"),
        Hostile("chunk extensions", "1;a=b\r\na\r\n"),
        Hostile("small chunks", "100\r\n" + "a" * 256 + "\r\n"),
        Hostile("larger chunks", "200\r\n" + "a" * 512 + "\r\n"),
        Hostile("a long chunk size", "0"),
        Hostile("a long trailer", "A: b\r\n", "0\r\n"),
    )
    why = "Limits.upload_bytes"
    yield Probe("digest.web.request.Request.received", partial(_received, "", 1), limits.header_bytes, HEADERS, headers)
    begin = f"POST /admin/ HTTP/1.1\r\n{head}"
    body = partial(_received, begin, 32 * 1024)
    yield Probe("digest.web.request.Request.received", body, limits.upload_bytes, why, chunks, "chunks")
    begin = "POST /admin/ HTTP/1.1\r\nHost: a\r\nContent-Length: 13631488\r\n\r\n"
    body = partial(_received, begin, 32 * 1024)
    yield Probe("digest.web.request.Request.received", body, limits.upload_bytes, why, (), "a length")
    whole = partial(_parsed, Request(adjustments(limits)))
    yield Probe("digest.web.request.Request.parse_header", whole, limits.header_bytes, HEADERS, headers)
    yield of(limits.max_body, limits.header_bytes, HEADERS)


def _received(begin: str, at_once: int, text: str) -> object:
    request, data, at = Request(adjustments(Limits())), (begin + text).encode("utf-8", "replace"), 0
    try:
        while at < len(data) and not request.completed:
            at += request.received(data[at : at + at_once])
    finally:
        request.close()
    return request


def _parsed(request: Request, text: str) -> object:
    request.headers = {}
    request.parse_header(text.encode("utf-8", "replace"))
    return request.headers


def _robots(text: str) -> object:
    host = Host(name="a.cn", robots_status=200, robots_text=text)
    robots.check(host, "https://a.cn/" + "a" * 2000)
    return None
