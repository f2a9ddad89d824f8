"""A web of our own behind a proxy on loopback, and a media folder that is gone afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from news.models import Article, Picture, Stage
from news.pictures import register
from tests.news.articles import make_article
from tests.news.http.hostile import Listener


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    place = tmp_path / "media"
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place}}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    return place


@pytest.fixture
def web(settings: Any) -> Iterator[Listener]:
    """The proxy that the crawler goes through: `answers` are by whole addresses, `requests` what was asked for."""
    listener = Listener({})
    settings.CRAWL_PROXY, settings.CRAWL_PACE = f"http://127.0.0.1:{listener.port}", 0.0
    yield listener
    listener.close()


@pytest.fixture
def article_with(db: None) -> Callable[..., Article]:
    """An article whose body shows these addresses, registered."""

    def make(*addresses: str, **columns: Any) -> Article:
        html = "".join(f'<p><img src="{address}" alt="图示"></p>' for address in addresses)
        article = make_article("标题", "正文", html=html, **{"stage": Stage.SUMMARISED} | columns)
        register(article, html)
        return article

    return make


@pytest.fixture
def picture(article_with: Callable[..., Article]) -> Picture:
    return article_with("http://img.example.com/a.png").pictures.get()
