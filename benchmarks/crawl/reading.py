"""The CRAWL cases that the reader answers (021 to 028): character sets, and pages made to be expensive."""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crawl.cases import Case, Cases
from benchmarks.crawl.child import measured
from benchmarks.crawl.table import Trial
from news.extract import Page, read

_OWN = Path(__file__).resolve().parent.parent.parent / "tests" / "pages" / "example.com" / "article.html"
BODY = _OWN.read_text(encoding="utf-8").replace('<meta charset="utf-8">', "")
URL = "https://example.com/a"


def trials(cases: Cases) -> Iterator[Trial]:
    for name, trial in TRIALS.items():
        yield Trial(name, cases[name].what, cases[name].says, partial(trial, cases[name]))


def _read(body: bytes, kind: str = "text/html") -> Page:
    return read(body, url=URL, content_type=kind)


def _clean(page: Page) -> bool:
    """What PostgreSQL takes, and a reader can read."""
    everything = page.title + page.text + page.html
    everything.encode()
    return not re.search("[\0\ufffd\ud800-\udfff]", everything)


def _gbk(case: Case) -> tuple[str, bool]:
    page = _read(f"<meta charset=gbk>{BODY}".encode("gbk"), "text/html; charset=utf-8")
    broken = _read(b"\xff\x81\x30" * 400, "text/html; charset=utf-8")
    right = "重写了倒排表的压缩方式" in page.text and _clean(page) and broken.state != "ok"
    return f"read as GBK: {page.text[:9]}…; of neither set: state {broken.state}", right


def _utf7(case: Case) -> tuple[str, bool]:
    page = _read(f"{BODY}<p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p>".encode(), "text/html; charset=utf-7")
    return f"state {page.state}, <script> in html: {'<script' in page.html}", "<script" not in page.html and _clean(
        page
    )


def _unknown_sets(case: Case) -> tuple[str, bool]:
    pages = [_read(BODY.encode(), f"text/html; charset={name}") for name in ("idna", "rot13", "../../x", "zlib", "hex")]
    right = all("重写了倒排表的压缩方式" in page.text for page in pages)
    return f"{len(pages)} read as UTF-8: {right}", right


def _odd_text(case: Case) -> tuple[str, bool]:
    """Read, and stored in PostgreSQL."""
    from news.models import Article

    bodies = {
        "UTF-16": BODY.encode("utf-16"),
        "surrogates": BODY.encode().replace("八百".encode(), b"\xed\xa0\x80"),
        "NUL": BODY.replace("八百", "八\0百").encode(),
    }
    stored = []
    for name, body in bodies.items():
        page = _read(body)
        row = Article.objects.create(
            canonical_url=f"{URL}/{name}", url=URL, host="example.com", title=page.title, text=page.text, html=page.html
        )
        row.refresh_from_db()
        stored.append("\0" not in row.text + row.html and "倒排表" in row.text)
        row.delete()
    return f"{sum(stored)} of {len(stored)} stored as valid UTF-8 without NUL", all(stored)


def _nested(case: Case) -> tuple[str, bool]:
    depth, tags = (100_000, ["div"]) if case.name == "CRAWL-025" else (20_000, ["section", "blockquote", "ul"])
    return _costly(case, [(f"<{tag}>" * depth + "x" + f"</{tag}>" * depth).encode() for tag in tags], stored=False)


def _wide(case: Case) -> tuple[str, bool]:
    node = b"<title>T</title><article><p>" + "字".encode() * (5 * 2**20 // 3 - 20) + b"</p></article>"
    attributes = b"<p " + b" ".join(b"a%d" % n for n in range(10**6))[: 5 * 2**20 - 9] + b">x</p>"
    return _costly(case, [node, attributes], stored=True)


def _costly(case: Case, bodies: list[bytes], stored: bool) -> tuple[str, bool]:
    """Each in a process of its own; the CPU time is that of reading and cleaning together."""
    most = float(case.expected["cpu_s_max"])
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        got = []
        for body in bodies:
            file.write_bytes(body)
            got.append(measured("read", file))
    words = "; ".join(f"{one['outcome']} in {one['cpu_s']:.2f} s CPU" for one in got)
    # The cap on tags is met before the one on depth; either way nothing is cleaned and nothing stored.
    safe = stored or all(re.search("unavailable too_(deep|large) 0 char", one["outcome"]) for one in got)
    return words, safe and all(one["cpu_s"] <= most for one in got)


def _laughs(case: Case) -> tuple[str, bool]:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{lines}]>'
    bodies = {
        "text/html": f"{head}<html><body><p>&l9;</p></body></html>",
        "application/rss+xml": f"{head}<rss version='2.0'><channel><title>&l9;</title></channel></rss>",
    }
    began = time.process_time()
    longest = max(len(page.text + page.html) for page in (_read(body.encode(), kind) for kind, body in bodies.items()))
    took = time.process_time() - began
    feed = _feed(bodies["application/rss+xml"].encode())
    return f"at most {longest} characters in {took:.2f} s; feed reader: {feed[0]}", longest < 10_000 and feed[1]


def _feed(body: bytes) -> tuple[str, bool]:
    from news.sources import xml

    root = xml.parse(body.decode())
    text = "" if root is None else "".join(map(str, root.itertext()))
    return f"{len(text)} characters", len(text) < 10_000


TRIALS: dict[str, Callable[[Case], tuple[str, bool]]] = {
    "CRAWL-021": _gbk,
    "CRAWL-022": _utf7,
    "CRAWL-023": _unknown_sets,
    "CRAWL-024": _odd_text,
    "CRAWL-025": _nested,
    "CRAWL-026": _nested,
    "CRAWL-027": _wide,
    "CRAWL-028": _laughs,
}
