"""Pictures in a real browser: they show under the pages' own rules, fit a phone, and ask nobody but us."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from digest.briefings.item_pictures import note_pictures
from digest.briefings.models import Briefing
from news.models import Article, Picture, PictureState
from news.pictures import register
from news.pictures.raster import rewrite
from news.pictures.store import keep
from tests.digest.briefings.test_reader_browser import opened
from tests.news.articles import make_article
from tests.news.pictures.samples import encoded

Issue = Callable[..., Briefing]
URLS = [f"https://img.example/{name}.png" for name in ("here", "waiting", "failed")]
WIDTHS = "images => images.map(image => image.naturalWidth)"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(settings: Any, tmp_path: Path) -> Article:
    """With a picture that is here, one that is on its way, and one that cannot be had."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    html = "".join(f'<p><img src="{url}" alt="图"></p>' for url in URLS)
    article = make_article("标题", "正文", html=html)
    register(article, html)
    Picture.objects.filter(url=URLS[0]).update(**keep(rewrite(encoded("PNG", (1400, 700)))))
    Picture.objects.filter(url=URLS[2]).update(state=PictureState.FAILED, reason="http_4xx")
    return article


def test_readers_see_what_we_have(live_server: Any, issue: Issue, article: Article) -> None:
    text = "\n\n".join(f"![图]({url})" for url in URLS)
    briefing = issue("2023-03-10", {"text": text, "article": article})
    note_pictures(briefing.items.all())
    for width in (320, 1280):
        with opened(live_server.url, viewport={"width": width, "height": 2400}) as (page, faults):
            page.goto(live_server.url, wait_until="networkidle")
            assert page.locator(".prose img").evaluate_all(WIDTHS) == [1400, 1, 480]
            assert page.evaluate("document.documentElement.scrollWidth") == width
            box = page.locator(".prose img").first.bounding_box()
            assert box is not None
            assert round(box["width"] / box["height"], 1) == 2.0
        assert faults == []


def test_editors_see_the_article_with_its_pictures(live_server: Any, admin_client: Client, article: Article) -> None:
    name = site_settings.SESSION_COOKIE_NAME
    with opened(live_server.url, viewport={"width": 1280, "height": 3000}) as (page, faults):
        page.context.add_cookies([{"name": name, "value": admin_client.cookies[name].value, "url": live_server.url}])
        page.goto(live_server.url + reverse("admin:news_article_change", args=[article.pk]), wait_until="networkidle")
        assert page.locator(".desk-page img").evaluate_all(WIDTHS) == [1400, 1, 480]
        assert page.locator(".desk-pictures code").all_inner_texts() == [f"![]({url})" for url in URLS]
    assert faults == []
