"""The demo's data: complete, linked up, in its order, and marked as a sample."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import override_settings

from digest.demo.content import BRIEFINGS, FOLDER, PAGES, TOUR
from digest.demo.proxy import Proxy, serve
from news.canonical import canonicalise
from news.http import IMAGES, FetchError, Reason, Response, fetch

Crawl = Callable[..., Response]
ARTICLES = [url for url, file in PAGES.items() if file.suffix == ".html"]


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with serve(PAGES) as running:
        yield running


@pytest.fixture
def crawl(proxy: Proxy) -> Iterator[Crawl]:
    """The crawler's own door, told of the demo's proxy as the demo command tells it."""
    with override_settings(CRAWL_PROXY=proxy.url, CRAWL_CA_BUNDLE=str(proxy.ca_path)):
        yield fetch


@pytest.mark.parametrize("url", ARTICLES)
def test_every_article_comes_through_the_guarded_door(crawl: Crawl, url: str) -> None:
    response = crawl(url)
    assert (response.status, response.url, response.body) == (200, url, PAGES[url].read_bytes())


def test_the_address_as_the_issue_prints_it_is_answered_too(crawl: Crawl) -> None:
    printed = "https://baijiahao.baidu.com/s?id=1759514012109489440&wfr=spider&for=pc"
    assert crawl(printed).body == PAGES[canonicalise(printed)].read_bytes()


def test_the_picture_comes_through_the_door(crawl: Crawl) -> None:
    response = crawl("https://img.sample.example/memory-wall.png", types=IMAGES)
    assert (response.content_type, response.body[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


def test_a_page_that_is_not_there_is_not_found(crawl: Crawl) -> None:
    with pytest.raises(FetchError) as caught:
        crawl("https://mp.weixin.qq.com/robots.txt")
    assert caught.value.reason is Reason.NOT_FOUND


def test_every_file_has_an_address_and_every_address_a_file() -> None:
    assert sorted(FOLDER.iterdir()) == sorted(PAGES.values())


@pytest.mark.parametrize("url", PAGES)
def test_addresses_are_written_as_they_are_stored(url: str) -> None:
    assert canonicalise(url) == url


def test_every_picture_of_a_page_is_answered_for() -> None:
    pictures = [url for file in PAGES.values() if file.suffix == ".html" for url in _pictures(file.read_text("utf-8"))]
    assert pictures == ["https://img.sample.example/memory-wall.png"]
    assert set(pictures) <= set(PAGES)


def test_two_issues_a_week_apart() -> None:
    assert [(issue.date, len(issue.items)) for issue in BRIEFINGS] == [(date(2023, 3, 3), 6), (date(2023, 3, 10), 7)]


def test_six_items_are_crawled_and_the_seventh_is_an_editors_own_with_the_sixths_link() -> None:
    *crawled, seventh = BRIEFINGS[1].items
    assert [item.url for item in crawled] == [
        "https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA",
        "https://mp.weixin.qq.com/s/ClhnJZkU1P9cEGfJ7CZDHA",
        "https://baijiahao.baidu.com/s?id=1759514012109489440",
        "https://mp.weixin.qq.com/s/wHc87AZafnRp8eMFOJxPoA",
        "https://mp.weixin.qq.com/s/9C7mszKErCCoSs0sYB3YcA",
        "https://mp.weixin.qq.com/s/Se3xzcF6rtgcI7YXYgDZ8Q",
    ]
    assert [item.is_editors_own for item in BRIEFINGS[1].items] == [False] * 6 + [True]
    assert seventh.url == crawled[5].url
    assert [figure for figure in ("5620 亿", "5400 亿", "220 亿", "9 步", "604 种") if figure in seventh.text] == [
        "5620 亿",
        "5400 亿",
        "220 亿",
        "9 步",
        "604 种",
    ]


def test_every_issue_says_that_it_is_a_sample() -> None:
    assert ["示例" in issue.closing for issue in BRIEFINGS] == [True, True]


def test_the_tour_has_eight_cities_and_two_dates_marked_as_samples() -> None:
    assert [stop.city for stop in TOUR.stops] == ["青岛", "北京", "西安", "成都", "武汉", "郑州", "杭州", "深圳"]
    dated = [stop for stop in TOUR.stops if stop.days_ahead is not None]
    assert [(stop.city, stop.days_ahead, stop.capacity) for stop in dated] == [("杭州", 38, 30), ("深圳", 24, 40)]
    assert all("示例" in stop.venue and "示例" in stop.address for stop in dated)
    assert [stop.venue or stop.address or stop.starts_at for stop in TOUR.stops[:6]] == [""] * 6


def test_contact_and_sign_ups_say_that_they_reach_nobody() -> None:
    assert (TOUR.contact_wechat, TOUR.contact_note) == ("rtthread2020", "公司+姓名")
    assert "不会送达任何人" in TOUR.sample_notice
    assert [offer.kind for offer in TOUR.offers] == ["organise", "venue", "prizes"]


def _pictures(page: str) -> list[str]:
    return [url for tag in re.findall(r"<img[^>]*>", page) for url in re.findall(r'src="([^"]+)"', tag)]
