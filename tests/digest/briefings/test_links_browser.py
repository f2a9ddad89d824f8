"""The pages of gone and changed links on a telephone: nothing runs over the edge, changes are told by signs too."""

import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digest.briefings.links import watch_published
from digest.briefings.models import Briefing
from news.models import Article, Snapshot, Stage, Story, Watch
from tests.digest.briefings.test_reader_browser import opened

OLD = (Path(__file__).resolve().parents[2] / "pages" / "mp.weixin.qq.com" / "article_2025.html").read_bytes()
LINK = "https://mp.weixin.qq.com/s?__biz=MzUxMjE1NTQwMQ==&mid=2247&idx=1&sn=0a1b2c3d4e5f60718293a4b5c6d7e8f9"
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(issue: Callable[..., Briefing]) -> Article:
    """A printed article that has changed and is then gone, with another of its story."""
    story = Story.objects.create()
    columns: dict[str, Any] = {"host": "a.example", "stage": Stage.SUMMARISED, "state": "ok", "story": story}
    article = Article.objects.create(canonical_url=LINK, url=LINK, title="小模型上板", **columns)
    other = "https://a.example/another"
    Article.objects.create(canonical_url=other, url=other, title="四瓦跑起十亿参数，端侧又省一截", **columns)
    new = OLD.replace("功耗只有四瓦".encode(), "功耗其实是九瓦".encode())
    for number, body in enumerate([OLD, new]):
        Snapshot.objects.create(
            article=article, url=LINK, status=200, packed=zlib.compress(body), size=1, sha256=str(number), state="ok"
        )
    issue("2023-03-10", {"headline": "小模型上板", "url": LINK, "article": article, "source_name": "端侧周记"})
    watch_published()
    Watch.objects.update(state="deleted", is_confirmed=True, since=timezone.now(), reason="该内容已被发布者删除")
    return article


def test_on_a_telephone_everything_fits_and_reads_without_colour(live_server: Any, article: Article) -> None:
    desk = Client()
    desk.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    paths = ["/", reverse("admin:briefings_gone"), f"{reverse('admin:news_snapshot_compare')}?article={article.pk}"]
    with opened(live_server.url, viewport={"width": 390, "height": 844}) as (page, faults):
        session = {"name": next(iter(desk.cookies)), "value": next(iter(desk.cookies.values())).value}
        page.context.add_cookies([{**session, "url": live_server.url}])  # type: ignore[list-item]
        for number, path in enumerate(paths):
            page.goto(live_server.url + path)
            full, seen = page.evaluate(WIDTHS)
            assert full == seen, path
            if os.environ.get("SHOTS"):
                page.screenshot(path=f"{os.environ['SHOTS']}/{number}.png", full_page=True)
        assert page.locator(".desk-compare .deleted").inner_text().startswith("−")
        assert page.locator(".desk-compare .added").inner_text().startswith("+")
        decoration = "element => getComputedStyle(element).textDecorationLine"
        assert page.locator(".desk-compare del").first.evaluate(decoration) == "line-through"
        assert page.locator(".desk-compare ins").first.evaluate(decoration) == "underline"
        page.goto(live_server.url + paths[1])
        page.get_by_role("button", name="换成这篇").click()
        page.wait_for_url("**/gone/")
        assert "已换源" in page.locator(".messagelist").inner_text()
        page.goto(live_server.url)
        assert page.locator(".byline .original").inner_text().split() == ["原文（已换源）", "a.example"]
        assert faults == []
