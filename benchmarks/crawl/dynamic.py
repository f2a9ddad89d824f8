"""The SSRF cases that take a server or a resolver: redirects, what a page says of itself, names that change."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.crawl.cases import Case, Cases
from benchmarks.crawl.door import Tally, listening
from benchmarks.crawl.table import Trial
from benchmarks.crawl.web import Web
from news.extract import read
from news.http import IMAGES, FetchError
from tests.news.http.eye import watch
from tests.news.http.hostile import OUTSIDE, guard_for, outside_guard, page, redirect, strict_guard

Attack = Callable[[Case, Tally], tuple[str, bool]]
SITE = "mp.weixin.qq.com"
QUIET = "<title>安静的一页</title><p>这一页自称在别处，我们只看它自己。</p>"


def trials(cases: Cases, tally: Tally) -> Iterator[Trial]:
    for case in cases.of("ssrf-dynamic"):
        attack = ATTACKS.get(case.name)
        if attack:
            yield Trial(case.name, case.what, case.says, partial(attack, case, tally))


def _redirect_inside(case: Case, tally: Tally) -> tuple[str, bool]:
    to = case.what.split("-> ")[1]
    with listening({"/robots.txt": redirect(to)}, (OUTSIDE, 0)) as server, watch() as dialled:
        got = tally.ask(server.url("/robots.txt"), outside_guard(server))
        beyond = len(dialled) - 1
        tally.inside += beyond
        return f"{got}, {beyond} connections beyond the first", (got, beyond) == (case.expected["reason"], 0)


def _chain(case: Case, tally: Tally) -> tuple[str, bool]:
    with listening({f"/{n}": redirect(f"/{n + 1}") for n in range(7)}) as server:
        got = tally.ask(server.url("/0"), guard_for(server))
        hops = server.connections - 1
        return f"{got}, {hops} hops", (got, hops) == (case.expected["reason"], case.expected["max_hops"])


def _loop(case: Case, tally: Tally) -> tuple[str, bool]:
    with listening({"/a": redirect("/b"), "/b": redirect("/a")}) as server:
        got = tally.ask(server.url("/a"), guard_for(server))
        return f"{got}, {server.connections} requests", got == case.expected["reason"]


def _off_the_list(case: Case, tally: Tally) -> tuple[str, bool]:
    with listening({"/off": redirect("http://evil.example/")}) as server:
        guard = guard_for(server)
        got = {tally.ask(server.url("/off", SITE), guard, allowed=allowed) for allowed in (None, {SITE})}
        return f"{', '.join(got)}, {server.connections - 2} more connections", got == {case.expected["reason"]}


def _downgrade(case: Case, tally: Tally) -> tuple[str, bool]:
    """Over real TLS: the operator's proxy of the trial answers https://page.example with a redirect to http."""
    with Web({"https://page.example/": redirect("http://page.example/")}) as web, web.settings():
        got = tally.ask("https://page.example/")
        return f"{got}, {len(web.log)} request", (got, len(web.log)) == (case.expected["reason"], 1)


def _not_followed(case: Case, tally: Tally) -> tuple[str, bool]:
    """What the page or a header proposes is neither asked nor taken for the page's address."""
    head = [case.what] if case.what.startswith("Link:") else []
    body = QUIET if head else case.what.removeprefix("200 + ") + QUIET
    with listening({"/": page(body.encode(), *head)}) as server, watch() as dialled:
        got = tally.fetch(server.url(), guard_for(server))
        if isinstance(got, FetchError):
            return str(got), False
        story = read(got.body, url=got.url, content_type=got.content_type)
        beyond = len(dialled) - 1
        tally.inside += beyond
        return f"200 of {got.url.split(':')[1]}, state {story.state}, {beyond} more connections", (
            beyond == 0 and got.url == server.url() and "127.0.0.1" not in story.html
        )


def _rebinding(case: Case, tally: Tally) -> tuple[str, bool]:
    """The name leads outside when it is vetted (127.0.0.1 plays that) and inside from then on."""
    answers = iter([["127.0.0.1"]])
    with listening({"/": page()}) as server, watch() as dialled:
        guard = guard_for(
            server, resolver=lambda host: next(answers, ["127.0.0.2"]), permit=lambda address: address == "127.0.0.1"
        )
        first, second = tally.ask(server.url(), guard), tally.ask(server.url(), guard)
        right = (first, second, dialled) == ("200", "ssrf_policy", [("127.0.0.1", server.port)])
        return f"pinned: dialled {dialled[0][0]} only; asked again: {second}", right


def _names(*answers: str) -> Attack:
    def attack(case: Case, tally: Tally) -> tuple[str, bool]:
        with listening({"/": page()}) as server, watch() as dialled:
            got = tally.ask(server.url(), strict_guard(server, names={"page.example": list(answers)}))
            inside = len(dialled) + server.connections
            tally.inside += inside
            return f"{got}, {inside} connections", (got, inside) == (case.expected.get("reason", "ssrf_policy"), 0)

    return attack


def _unknown(case: Case, tally: Tally) -> tuple[str, bool]:
    def resolver(host: str) -> list[str]:
        raise OSError("no such name")

    with listening() as server:
        got = tally.fetch(server.url(), guard_for(server, resolver=resolver))
        if not isinstance(got, FetchError):
            return str(got.status), False
        return f"{got.reason}, retry={not got.permanent}", (got.reason, got.permanent) == (
            case.expected["reason"],
            not case.expected["retry"],
        )


def _hanging(case: Case, tally: Tally) -> tuple[str, bool]:
    """The resolver really hangs for 30 s; the product's own patience is waited out."""
    release, began = threading.Event(), time.monotonic()
    with listening() as server:
        guard = guard_for(server, resolver=lambda host: [str(release.wait(30))])
        got, took = tally.ask(server.url(), guard), time.monotonic() - began
        release.set()
        return f"{got} after {took:.1f} s", got == case.expected["reason"] and took <= case.expected["wall_s_max"]


def _environment(case: Case, tally: Tally) -> tuple[str, bool]:
    name, value = case.what.split("=", 1)
    names = (name, name.lower(), "ALL_PROXY")
    before = {name: os.environ.get(name) for name in names}
    os.environ |= dict.fromkeys(names, value)
    try:
        with listening({"/": page()}) as server, watch() as dialled:
            got = tally.ask(server.url(), guard_for(server))
            return f"{got}, dialled the page's own server only", (got, len(dialled)) == ("200", 1)
    finally:
        for name, old in before.items():
            os.environ.pop(name) if old is None else os.environ.update({name: old})


def _image(case: Case, tally: Tally) -> tuple[str, bool]:
    """The door alone; what the picture proxy makes of it is C8."""
    with watch() as dialled:
        got = tally.ask("http://169.254.169.254/x.png", types=IMAGES)
    tally.inside += len(dialled)
    return f"{got}, {len(dialled)} connections", (got, dialled) == (case.expected["reason"], [])


ATTACKS: dict[str, Attack] = {
    **dict.fromkeys(("SSRF-108", "SSRF-109", "SSRF-110", "SSRF-111", "SSRF-126"), _redirect_inside),
    "SSRF-112": _chain,
    "SSRF-113": _loop,
    "SSRF-114": _off_the_list,
    "SSRF-115": _downgrade,
    **dict.fromkeys(("SSRF-116", "SSRF-117", "SSRF-118"), _not_followed),
    "SSRF-119": _rebinding,
    "SSRF-120": _names("1.1.1.2", "10.1.2.3"),
    "SSRF-121": _names("::ffff:127.0.0.1"),
    "SSRF-122": _names("127.0.0.1"),
    "SSRF-123": _unknown,
    "SSRF-124": _hanging,
    "SSRF-125": _environment,
    "SSRF-127": _image,
}
