"""What the attack cases' servers answer with: a list of answers a case, each of which must end as the case says."""

import gzip

from tests.news.http.hostile import bomb, page, redirect

PACKED = gzip.compress(b"<p>" + bytes(range(256)) * 100)
GZIP = "Content-Encoding: gzip"
BODIES: dict[str, list[bytes]] = {
    "CRAWL-006": [page(bomb(64), GZIP)],
    "CRAWL-008": [page(PACKED, "Content-Encoding: gzip, gzip")],
    "CRAWL-009": [page(PACKED, f"Content-Encoding: {coding}") for coding in ("br", "zstd", "deflate", "x-unknown")],
    "CRAWL-010": [page(PACKED[:-200], GZIP)],
    "CRAWL-011": [page(PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], GZIP)],
    "CRAWL-013": [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n0123456789"],
    "CRAWL-017": [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 90
    ],
    "CRAWL-018": [page(b"x", f"X: {'a' * 65536}"), page(b"x", *[f"X-{n}: 1" for n in range(10_000)])],
    "CRAWL-019": [page(b"<p>A</p>", kind="image/png, text/html")],
    "CRAWL-020": [page(b"%PDF-1.7\n%\xe2\xe3", kind="")],
    "CRAWL-032": [redirect("https://wappass.baidu.com/static/captcha/")],
    "CRAWL-033": [page(b"", "cf-mitigated: challenge", status="403 Forbidden")],
    "CRAWL-037": [page(b"", status="304 Not Modified")],
}
