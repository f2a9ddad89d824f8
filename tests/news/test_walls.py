"""What a site says instead of an article: walls that close a host, a new address that becomes a lead."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from digest.demo.proxy import serve
from news import pipeline
from news.models import Article, DropReason, Host, Lead, PageState, Snapshot, Stage
from news.sources.inbox import paste

WALLED = [f"https://mp.weixin.qq.com/s/{letter * 22}" for letter in "BCD"]
MOVED = "https://mp.weixin.qq.com/s/EEEEEEEEEEEEEEEEEEEEEE"
PAGES = Path(__file__).resolve().parent.parent / "pages"

pytestmark = pytest.mark.django_db


@pytest.fixture
def walls(settings: Any) -> Iterator[None]:
    """Every address of WALLED answers with a verification page, MOVED with a notice of its new address."""
    pages = dict.fromkeys(WALLED, PAGES / "mp.weixin.qq.com" / "blocked.html")
    pages[MOVED] = PAGES / "mp.weixin.qq.com" / "moved.html"
    with serve(pages) as proxy:
        settings.CRAWL_PROXY, settings.CRAWL_CA_BUNDLE, settings.CRAWL_PACE = proxy.url, str(proxy.ca_path), 0.0
        yield


@pytest.mark.usefixtures("walls")
def test_three_walls_through_the_whole_way_close_the_host() -> None:
    paste(" ".join(WALLED))
    pipeline.drain()
    assert set(Article.objects.values_list("stage", "drop_reason")) == {(Stage.DROPPED, DropReason.BLOCKED)}
    assert set(Snapshot.objects.values_list("state", flat=True)) == {PageState.BLOCKED}
    host = Host.objects.get()
    assert host.walls == 3
    assert host.next_at - timezone.now() > timedelta(minutes=59)
    assert host.busy_until <= timezone.now()


@pytest.mark.usefixtures("walls")
def test_the_new_address_of_a_page_that_moved_becomes_a_lead() -> None:
    paste(MOVED)
    pipeline.drain()
    assert Article.objects.get(canonical_url=MOVED).drop_reason == DropReason.MOVED
    assert Article.objects.exclude(canonical_url=MOVED).count() == 1
    assert Lead.objects.count() == 2


@pytest.mark.usefixtures("walls")
def test_a_try_that_failed_gives_the_host_back() -> None:
    paste("https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA")
    pipeline.advance(Stage.FOUND)
    assert Host.objects.free().count() == 1


def test_three_walls_in_a_row_close_a_host_for_an_hour() -> None:
    Host.objects.take_turn("mp.weixin.qq.com", 1)
    Host.objects.release("mp.weixin.qq.com")
    for _ in range(2):
        Host.objects.saw_wall("mp.weixin.qq.com")
    assert Host.objects.free().count() == 1
    Host.objects.saw_wall("mp.weixin.qq.com")
    assert Host.objects.get().next_at - timezone.now() > timedelta(minutes=59)
    assert pipeline.sweep() == []
