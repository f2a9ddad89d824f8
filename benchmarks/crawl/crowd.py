"""C6 and the DEDUPE cases: many workers add the same links at once, in every spelling."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from django.db import connection, connections

from benchmarks.crawl.cases import Case, Cases
from benchmarks.crawl.table import Trial
from news.canonical import canonicalise
from news.models import Article
from news.sources.inbox import paste

WORKERS, URLS = 50, 20


def trials(cases: Cases) -> Iterator[Trial]:
    for case in cases.of("crawl-dedupe"):
        yield Trial(case.name, case.what, case.says, partial(_one_row, case))
    spelt = f"{WORKERS} workers × {URLS} URLs × every spelling"
    yield Trial("C6", spelt, f"{URLS} rows", _rows)
    yield Trial("C6 control", "the same links by exists() and then INSERT", f"more than {URLS} rows", _control)


def spellings(number: int) -> list[str]:
    """One page in the ways in which people and programs write its address; the patterns are those of the cases."""
    sn = f"{number:032x}"
    page = f"__biz=MzOwn{number}==&mid={1000 + number}&idx=1&sn={sn}"
    if number % 2:
        return [
            f"https://mp.weixin.qq.com/s?{page}",
            f"HtTps://MP.WEIXIN.QQ.COM./s?{page}",
            f"http://mp.weixin.qq.com/s?{page}#rd",
            f"https://mp.weixin.qq.com/s?{page}&chksm=y&scene=27#wechat_redirect",
            f"http://mp.weixin.qq.com/s?{page.replace('&', '&amp;')}",
        ]
    return [
        f"https://baijiahao.baidu.com/s?id=17000000000000{number:05}",
        f"http://baijiahao.baidu.com/s?id=17000000000000{number:05}",
        f"https://baijiahao.baidu.com/s?id=17000000000000{number:05}&wfr=spider&for=pc",
        f"HTTPS://BAIJIAHAO.BAIDU.COM/s?for=pc&id=17000000000000{number:05}",
    ]


def together(work: Callable[[int], object], workers: int) -> None:
    """`work(number)` in so many threads, each with a connection of its own, all let go at once."""
    start = Barrier(workers)

    def run(number: int) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))


def added(links: Sequence[str], workers: int) -> int:
    """Rows after every worker pasted all `links`, each beginning elsewhere."""
    Article.objects.all().delete()
    together(lambda number: paste("\n".join([*links[number:], *links[:number]])), workers)
    return Article.objects.count()


def _one_row(case: Case) -> tuple[str, bool]:
    rows = added([case.input["url"]], WORKERS)
    url = canonicalise(case.input["url"])
    stored = list(Article.objects.values_list("canonical_url", flat=True))
    return f"{rows} row after {WORKERS} at once: {url}", (rows, stored) == (1, [case.expected["canonical_url"]])


def _rows() -> tuple[str, bool]:
    links = [link for number in range(URLS) for link in spellings(number)]
    rows = added(links, WORKERS)
    return f"{rows} rows of {WORKERS} × {len(links)} submissions", rows == URLS


def _control() -> tuple[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE control (url text)")
    links = [f"https://page.example/{number}" for number in range(URLS)]

    def naive(number: int) -> None:
        with connection.cursor() as cursor:
            for link in links:
                cursor.execute("SELECT 1 FROM control WHERE url = %s", [link])
                if not cursor.fetchone():
                    cursor.execute("INSERT INTO control VALUES (%s)", [link])

    together(naive, WORKERS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM control")
        rows = cursor.fetchone()[0]
        cursor.execute("DROP TABLE control")
    return f"{rows} rows", rows > URLS
