"""The CRAWL cases of a page's whole way (029 to 041): what is stored, what dropped, when the host is asked again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.utils import timezone

from benchmarks.crawl.cases import Case, Cases
from benchmarks.crawl.table import Trial
from benchmarks.crawl.web import Made, Web
from news import pipeline
from news.http import FetchError
from news.manners import NotNow, ask
from news.models import Article, Host, PageState, Stage, Story
from news.sources.inbox import paste
from tests.news.http.hostile import page, redirect

PAGES = Path(__file__).resolve().parent.parent.parent / "tests" / "pages"
WECHAT = "https://mp.weixin.qq.com/s/{}"
BAIDU = "https://baijiahao.baidu.com/s?id={}"
PLAIN = "http://page.example/{}"
HOUR, DAY = 3600.0, 86400.0


def trials(cases: Cases) -> Iterator[Trial]:
    for name, trial in TRIALS.items():
        yield Trial(name, cases[name].what, cases[name].says, partial(trial, cases[name]))


@contextmanager
def crawled(answers: dict[str, Made], **settings: object) -> Iterator[Web]:
    """A web with these answers, all of them pasted and worked on as far as reading goes; the tables empty before."""
    empty()
    with Web(answers) as web, web.settings(**{"CRAWL_PACE": 0.0, "CRAWL_ROBOTS": "sources", **settings}):
        paste("\n".join(answers))
        work()
        yield web


def empty() -> None:
    Article.objects.all().delete()
    Host.objects.all().delete()


def work() -> None:
    pipeline.drain(stages=(Stage.FOUND, Stage.FETCHED))


def own(name: str) -> bytes:
    """A page of our own golden pages."""
    return page((PAGES / name).read_bytes(), kind="text/html; charset=utf-8")


def wechat_article(text: str, number: int = 0) -> bytes:
    """Our 2018 page with another body."""
    html = (PAGES / "mp.weixin.qq.com" / "article_2018.html").read_text(encoding="utf-8")
    head, rest = html.split('id="js_content">', 1)
    head = head.replace("小车学会绕路", f"小车学会绕路之{number}")
    body = f'{head}id="js_content">\n{text}\n</div>\n{rest.split("</div>", 1)[1]}'
    return page(body.encode(), kind="text/html; charset=utf-8")


def _ids(pattern: str, count: int) -> list[str]:
    return [pattern.format(f"{number:022}") for number in range(count)]


def _rest(host: str) -> float:
    found = Host.objects.get(name=host)
    return (max(found.next_at, found.busy_until) - timezone.now()).total_seconds()


def _stored() -> int:
    return Article.objects.exclude(text="").filter(stage__in=[Stage.READ, Stage.SUMMARISED]).count()


def _reasons() -> str:
    return ", ".join(sorted({row.drop_reason or row.stage for row in Article.objects.all()}))


def _walls(case: Case) -> tuple[str, bool]:
    with crawled(dict.fromkeys(_ids(WECHAT, 5), own("mp.weixin.qq.com/blocked.html"))) as web:
        rest = _rest("mp.weixin.qq.com")
        got = f"{_stored()} stored; after wall {len(web.log)} of 5 the host rests {rest:.0f} s"
        return got, _stored() == 0 and len(web.log) == 3 and rest > case.expected["retry_after_min_s"] - 60


def _gone(case: Case) -> tuple[str, bool]:
    names = ("deleted", "violation", "account_closed", "account_shielded", "moved")
    answers = {WECHAT.format(f"{n:022}"): own(f"mp.weixin.qq.com/{name}.html") for n, name in enumerate(names)}
    with crawled(dict[str, Made](answers)):
        ours = Article.objects.filter(canonical_url__in=answers)
        again, dropped = ours.filter(retry_at__isnull=False).count(), ours.filter(stage=Stage.DROPPED).count()
        got = f"{_reasons()}; {dropped} of {len(names)} dropped, {_stored()} stored, {again} to be tried again"
        return got, (dropped, _stored(), again) == (len(names), 0, 0)


def _too_often(case: Case) -> tuple[str, bool]:
    with crawled({WECHAT.format("1" * 22): own("mp.weixin.qq.com/too_often.html")}):
        row, rest = Article.objects.get(), _rest("mp.weixin.qq.com")
        again = row.retry_at or (row.due_at if row.stage == Stage.FOUND else None)
        got = f"{_reasons()}, {_stored()} stored, tried again: {again is not None}, host rests {rest:.0f} s"
        return got, _stored() == 0 and again is not None and rest > 0


def _baidu_walls(case: Case) -> tuple[str, bool]:
    answers: dict[str, Made] = dict.fromkeys(_ids(BAIDU, 5), redirect("https://wappass.baidu.com/static/captcha/"))
    answers[_ids(BAIDU, 1)[0]] = own("baijiahao.baidu.com/captcha.html")
    with crawled(answers) as web:
        rest = _rest("baijiahao.baidu.com")
        beyond = sum(hit.host != "baijiahao.baidu.com" for hit in web.log)
        got = f"{_stored()} stored, {beyond} requests to wappass; after {len(web.log)} of 5 the host rests {rest:.0f} s"
        return got, (_stored(), beyond) == (0, 0) and 1 <= len(web.log) <= 3 and rest > HOUR - 60


def _empty(case: Case) -> tuple[str, bool]:
    texts = ("", "<p></p><section> </section>", "<p>很短的一句话。</p>")
    with crawled({WECHAT.format(f"{n:022}"): wechat_article(text, n) for n, text in enumerate(texts)}):
        return f"{_reasons()}, {_stored()} stored", _stored() == 0


def _boilerplate(case: Case) -> tuple[str, bool]:
    """The same stub under five addresses of one host, and one page of another text, which stays."""
    text = "<p>" + "登录后继续阅读全文，注册即可免费收藏本站的文章，并在手机上接着看完。" * 3 + "</p>"
    html = (PAGES / "example.com" / "article.html").read_text(encoding="utf-8")
    head, tail = html.split("<h1>")[0], "</article></body></html>"
    stub = page(f"{head}<h1>请先登录</h1>{text}{tail}".encode(), kind="text/html; charset=utf-8")
    answers: dict[str, Made] = dict.fromkeys([PLAIN.format(n) for n in range(5)], stub)
    answers[PLAIN.format("good")] = own("example.com/article.html")
    with crawled(answers):
        stubs = Article.objects.exclude(canonical_url=PLAIN.format("good"))
        left = stubs.exclude(stage=Stage.DROPPED).count()
        return f"{_reasons()}; {left} of 5 stubs left, {_stored()} stored", (left, _stored()) == (0, 1)


def _good_copy(case: Case) -> tuple[str, bool]:
    url = WECHAT.format("1" * 22)
    with crawled({url: own("mp.weixin.qq.com/article_2018.html")}) as web:
        before = Article.objects.get()
        # As filing and summarising leave it.
        Article.objects.update(stage=Stage.SUMMARISED, story=Story.objects.create())
        before.retry()
        web.answers[url] = own("mp.weixin.qq.com/blocked.html")
        work()
        after = Article.objects.get()
    same = (after.text, after.html, after.title) == (before.text, before.html, before.title)
    noted = after.state == PageState.BLOCKED
    return f"text kept: {same and bool(after.text)}, state {after.state}, in use: {after.stage}", (
        same and bool(after.text) and noted and after.stage == Stage.SUMMARISED
    )


def _not_modified(case: Case) -> tuple[str, bool]:
    with crawled({PLAIN.format(1): page(b"", status="304 Not Modified")}):
        row = Article.objects.get()
        return f"{row.error[:40]}, snapshots {row.snapshots.count()}", (
            row.error.startswith(case.expected["reason"]) and not row.snapshots.exists() and _stored() == 0
        )


def _retry_after(case: Case) -> tuple[str, bool]:
    """Two pages of the host: after the first answer, the second is not asked for."""
    status, value = case.what.split(" Retry-After: ")
    least, most = (119, 121) if value == "120" else (DAY - 60, DAY)
    answer = page(b"", f"Retry-After: {value}", status=f"{status} Later")
    with crawled({PLAIN.format(n): answer for n in range(2)}) as web:
        rest = _rest("page.example")
        return f"{len(web.log)} request, host rests {rest:.0f} s", len(web.log) == 1 and least < rest <= most


def _odd_retry_after(case: Case) -> tuple[str, bool]:
    waits = []
    for value in ("-5", "abc", "99999999999999999999"):
        with crawled({PLAIN.format(1): page(b"", f"Retry-After: {value}", status="429 Later")}):
            waits.append((Article.objects.get().due_at - timezone.now()).total_seconds())
    got = ", ".join(f"{wait:.1f}" for wait in waits)
    return f"own back-off: {got} s", all(0 < wait < HOUR for wait in waits) and len(set(map(round, waits))) > 1


def _robots(case: Case) -> tuple[str, bool]:
    """What may be asked for afterwards: after 5xx nothing, after the others the page."""
    broken = page(b"", status="500 Broken")
    large = page(b"User-agent: *\nDisallow: /private\n" + b"#" * 5 * 2**20, kind="text/plain")
    html = own("example.com/article.html")
    answers = {"500": broken, "404": page(b"", status="404 None"), "5 MiB": large, "HTML": html}
    inside = redirect("http://127.0.0.1:6379/")
    got = {name: _asked_after(answer) for name, answer in (answers | {"to 127.0.0.1": inside}).items()}
    got["slow"] = _asked_after(lambda head: _slow())
    words = ", ".join(f"{name}: {'page asked' if asked else 'not asked'}" for name, asked in got.items())
    allowed = ("404", "5 MiB", "HTML", "to 127.0.0.1")
    return words, all(got[name] for name in allowed) and not got["500"] and not got["slow"]


def _slow() -> bytes:
    import time

    time.sleep(3)
    return b""


def _asked_after(robots: Made) -> bool:
    empty()
    url = PLAIN.format("a")
    with Web({PLAIN.format("robots.txt"): robots, url: own("example.com/article.html")}) as web:
        settings = {"CRAWL_PACE": 0.0, "CRAWL_ROBOTS": "sources", "CRAWL_TIMEOUT": 2.0}
        with web.settings(**settings):
            for _ in range(2):  # where the first turn is spent on robots.txt, the second is the page's
                try:
                    ask(url)
                except (FetchError, NotNow):
                    continue
        return any(hit.url == url for hit in web.log)


TRIALS: dict[str, Callable[[Case], tuple[str, bool]]] = {
    "CRAWL-029": _walls,
    "CRAWL-030": _gone,
    "CRAWL-031": _too_often,
    "CRAWL-032": _baidu_walls,
    "CRAWL-034": _empty,
    "CRAWL-035": _boilerplate,
    "CRAWL-036": _good_copy,
    "CRAWL-037": _not_modified,
    "CRAWL-038": _retry_after,
    "CRAWL-039": _retry_after,
    "CRAWL-040": _odd_retry_after,
    "CRAWL-041": _robots,
}
